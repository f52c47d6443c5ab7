(ns ratchet.jepsen.report.html
  "Markup from vectors: [:p {:class \"note\"} \"text\"]. All text and attributes are escaped; nothing else gets onto a page."
  (:require [clojure.string :as str]))

(set! *warn-on-reflection* true)

(deftype ^:private Raw [^String markup])

(defn raw
  "Markup that goes out as it is: for what this program wrote itself, such as its style sheet."
  [markup]
  (->Raw (str markup)))

(defn- escaped
  "What stands for a character on a page, or nil where it stands for itself. Control characters, which HTML does not allow, become visible."
  [c]
  (case c
    \& "&amp;"
    \< "&lt;"
    \> "&gt;"
    \" "&quot;"
    \' "&#39;"
    (let [code (int c)]
      (when (or (and (< code 32) (not (#{9 10} code))) (<= 127 code 159) (= code 0xFFFE) (= code 0xFFFF))
        "\uFFFD"))))

(defn escape
  "Text that shows as it reads, in an element and in an attribute."
  [text]
  (str/escape (str text) escaped))

(def ^:private void-tags #{:br :hr :meta :link})

(defn- write-attributes! [^StringBuilder out attributes]
  (doseq [[k v] attributes :when (and (some? v) (not (false? v)))]
    (.append out " ")
    (.append out (name k))
    (when-not (true? v)
      (.append out "=\"")
      (.append out ^String (escape (if (keyword? v) (name v) v)))
      (.append out "\""))))

(declare write!)

(defn- write-element! [^StringBuilder out [tag & more]]
  (let [[attributes children] (if (map? (first more)) [(first more) (rest more)] [nil more])]
    (.append out "<")
    (.append out (name tag))
    (write-attributes! out attributes)
    (.append out ">")
    (run! (partial write! out) children)
    (when-not (void-tags tag)
      (.append out "</")
      (.append out (name tag))
      (.append out ">"))))

(defn- write! [^StringBuilder out node]
  (cond
    (nil? node) nil
    (instance? Raw node) (.append out ^String (.-markup ^Raw node))
    (and (vector? node) (keyword? (first node))) (write-element! out node)
    (sequential? node) (run! (partial write! out) node)
    (keyword? node) (.append out ^String (escape (name node)))
    :else (.append out ^String (escape node))))

(defn render
  "The markup of a node, or of several one after the other."
  ^String [& nodes]
  (let [out (StringBuilder.)]
    (run! (partial write! out) nodes)
    (str out)))

(defn document
  "A whole page in one file: its style and script inside, nothing fetched from anywhere."
  [{:keys [title style script]} & body]
  (str "<!doctype html>\n"
       (render
         [:html {:lang "en"}
          [:head
           [:meta {:charset "utf-8"}]
           [:meta {:name "viewport" :content "width=device-width, initial-scale=1"}]
           [:meta {:name "color-scheme" :content "light dark"}]
           [:title title]
           [:style (raw style)]]
          [:body body
           (when script [:script (raw script)])]])
       "\n"))
