(ns ratchet.jepsen.shell
  "Commands of the system."
  (:require [clojure.java.io :as io]
            [clojure.string :as str])
  (:import (java.util List)))

(set! *warn-on-reflection* true)

(defn attempt
  "Runs a command, with `in` as its input if there is any. Gives its exit code and all it wrote."
  ([command] (attempt command nil))
  ([command in]
   (let [process (-> (ProcessBuilder. ^List (mapv str command))
                     (.redirectErrorStream true)
                     .start)]
     (with-open [input (.getOutputStream process)]
       (when in
         (.write input (.getBytes ^String in "UTF-8"))))
     (let [out (slurp (.getInputStream process))]
       {:exit (.waitFor process) :out (str/trim-newline out)}))))

(defn sh
  "Runs a command, and gives what it wrote. Throws when it fails."
  ([command] (sh command nil))
  ([command in]
   (let [{:keys [exit out]} (attempt command in)]
     (when-not (zero? (long exit))
       (throw (ex-info (str (str/join " " command) ": " (if (str/blank? out) (str "exit " exit) out))
                       {:command command :exit exit})))
     out)))

(defn lines
  "The lines that a command writes; none when it fails."
  [& command]
  (let [{:keys [exit out]} (attempt command)]
    (if (zero? (long exit))
      (remove str/blank? (str/split-lines out))
      [])))

(defn on-path?
  "Whether there is a command of that name."
  [command]
  (boolean (some (fn [folder] (.canExecute (io/file folder command)))
                 (concat (str/split (or (System/getenv "PATH") "") #":")
                         ["/usr/sbin" "/sbin"]))))

(defn root?
  "Whether this process may do as it likes."
  []
  (= "0" (first (lines "id" "-u"))))
