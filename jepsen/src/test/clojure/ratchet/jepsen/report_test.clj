(ns ratchet.jepsen.report-test
  (:require [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.test :refer [deftest is testing]]
            [ratchet.jepsen.report :as report]
            [ratchet.jepsen.report.run :as run]
            [ratchet.jepsen.report.sample :as sample])
  (:import (java.io File)
           (java.nio.file Files)
           (java.nio.file.attribute FileAttribute)))

(defn- delete! [^File file]
  (run! delete! (.listFiles file))
  (.delete file))

(defn- with-dir [f]
  (let [dir (.toFile (Files/createTempDirectory "report" (make-array FileAttribute 0)))]
    (try (f dir) (finally (delete! dir)))))

(defn- with-run
  "The page and the text of a made-up run, after `change!` was done to its folder."
  ([options check] (with-run options (fn [_]) check))
  ([options change! check]
   (with-dir (fn [dir]
               (sample/write-run! dir (merge {:seed 5 :seconds 12 :rate 80 :faults 4} options))
               (change! dir)
               (let [text (report/write! dir)]
                 (check (slurp (io/file dir "index.html")) text))))))

(defn- count-of [page text]
  (dec (count (str/split page (re-pattern (java.util.regex.Pattern/quote text)) -1))))

(defn- lacking
  "The first of the parts that a text has not, or nil. (A failed test then prints that, and no whole page.)"
  [text & parts]
  (first (remove #(str/includes? text %) parts)))

(deftest a-run-that-held
  (with-run {}
    (fn [page text]
      (is (nil? (lacking page "<h1>The contract held</h1>")))
      (is (nil? (lacking page "All 7 checks held over ")))
      (is (= "id=\"violations\"" (lacking page "id=\"violations\"")))
      (is (str/starts-with? text "The contract held\nAll 7 checks held over ")))))

(deftest a-run-that-broke
  (with-run {:broken? true}
    (fn [page text]
      (is (nil? (lacking page "<h1>The contract broke</h1>")))
      (is (nil? (lacking page "2 of 7 checks failed")))
      (is (nil? (lacking page "order (G3): 214 violations; unique (G1): 1 violation.")))
      (testing "violating calls are marked among the others of their key"
        (is (= 6 (count-of page "<tr class=\"marked\">")))
        (is (< 10 (count-of page "<td class=\"under-way\">"))))
      (is (nil? (lacking text "BROKEN  order         G3  214 violations")))
      (is (re-find #"(?m)^  unique: \d+ of default:\d+ was handed out twice$" text)))))

(deftest the-page-has-all-its-parts
  (with-run {:seconds 20 :rate 300 :faults 6}
    (fn [page _]
      (is (nil? (lacking page
                         "id=\"checks\"" "id=\"time\"" "id=\"failover\"" "id=\"errors\"" "id=\"logs\""
                         "<dt>Seed</dt><dd>5</dd>" "--schedule" "<span>--seed</span> 5" "zone-5" "alloc-2" "java 17.0.15"
                         "Latency of calls" "Answered calls" "Calls not answered"
                         "<dt>Whole again</dt><dd>840 ms after the last heal</dd>"))))))

(deftest the-page-needs-no-other
  (with-run {:broken? true}
    (fn [page _]
      (is (nil? (re-find #"(?i)https?:|//[a-z]|\bsrc=|<link|@import|url\(|<iframe|<object" page))))))

(deftest every-element-is-closed
  (with-run {:broken? true}
    (fn [page _]
      (let [body (subs page (str/index-of page "<body>") (str/index-of page "<script>"))]
        (is (= ["body"] (reduce (fn [open [_ closing tag]]
                            (cond (#{"br" "hr" "meta"} tag) open
                                  (str/blank? closing) (conj open tag)
                                  (= tag (peek open)) (pop open)
                                  :else (reduced [:unexpected tag (peek open)])))
                          []
                          (re-seq #"<(/?)([a-z0-9]+)" body))))))))

(deftest tables-tell-what-their-cells-are
  (with-run {:broken? true}
    (fn [page _]
      (let [tables (count-of page "<table>")]
        (is (< 5 tables))
        (is (= tables (count-of page "<caption>") (count-of page "<thead>")))
        (is (= (count-of page "<th scope=") (count-of page "<th ")))
        (is (= (count-of page "<svg viewBox=\"0 0 1000") (count-of page "role=\"img\"")))))))

(deftest what-came-from-outside-is-escaped
  (with-run {:broken? true}
    (fn [dir]
      (let [results (io/file dir "results.edn")]
        (spit results (str/replace (slurp results) "was handed out twice" "<script>alert(1)</script>"))))
    (fn [page text]
      (is (= "<script>alert" (lacking page "<script>alert")))
      (is (nil? (lacking page "&lt;script&gt;alert(1)&lt;/script&gt;")))
      (is (nil? (lacking page "the store answered &lt;nothing&gt; &amp; &quot;went away&quot;")))
      (is (nil? (lacking text "<script>"))))))

(deftest the-terminal-obeys-nothing-in-the-text
  (with-run {:broken? true}
    (fn [dir]
      (let [results (io/file dir "results.edn")]
        (spit results (str/replace (slurp results) "was handed out twice" "\u001b[2J"))))
    (fn [_ text]
      (is (= "\u001b" (lacking text "\u001b"))))))

(deftest a-run-cut-short-is-told-as-far-as-it-goes
  (with-run {}
    (fn [dir]
      (io/delete-file (io/file dir "results.edn"))
      (io/delete-file (io/file dir "test.edn"))
      (let [history (io/file dir "history.edn")
            text (slurp history)]
        (spit history (subs text 0 (- (count text) 40)))))
    (fn [page text]
      (is (nil? (lacking page "<h1>Not checked</h1>")))
      (is (nil? (lacking page "id=\"time\"")))
      (is (nil? (lacking text "The run ended before its history was checked"))))))

(deftest a-history-broken-in-the-middle-is-not-guessed-at
  (with-dir
    (fn [dir]
      (sample/write-run! dir {:seconds 2 :rate 20 :faults 0})
      (let [history (io/file dir "history.edn")
            [first-line & more] (str/split-lines (slurp history))]
        (spit history (str/join "\n" (list* first-line "{:type :ok" more))))
      (is (thrown-with-msg? Exception #"line 2, is no operation" (report/write! dir))))))

(deftest a-folder-that-is-no-run
  (with-dir
    (fn [dir]
      (is (thrown-with-msg? Exception #"has no history.edn: it is no run's folder" (report/write! dir))))))

(deftest an-empty-history
  (with-run {}
    (fn [dir] (spit (io/file dir "history.edn") ""))
    (fn [page text]
      (is (nil? (lacking page "0 calls in ")))
      (is (nil? (lacking text "0 calls in "))))))

(deftest a-check-that-could-not-decide
  (with-run {}
    (fn [dir]
      (spit (io/file dir "results.edn") (pr-str {:valid? :unknown :checks {:order {:valid? :unknown} :unique {:valid? true}}})))
    (fn [page _]
      (is (nil? (lacking page "<h1>Undecided</h1>")))
      (is (nil? (lacking page "Not decided: order."))))))

(deftest what-the-contract-allows-is-shown-apart
  (with-run {:broken? true}
    (fn [dir]
      (let [file (io/file dir "results.edn")
            results (run/read-edn file)
            {:keys [violations count]} (get-in results [:checks :order])]
        (spit file (pr-str (-> results
                               (assoc-in [:checks :order] {:valid? true :count 0 :violations [] :allowed {:count count :violations violations}}))))))
    (fn [page _]
      (is (nil? (lacking page "1 of 7 checks failed")))
      (is (nil? (lacking page "allowed under the faults of that time")))
      (is (nil? (lacking page "<span>allowed 214</span>"))))))

(deftest a-history-in-memory-gives-the-same-page
  (with-dir
    (fn [dir]
      (sample/write-run! dir {:seconds 4 :rate 50 :faults 1})
      (report/write! dir)
      (let [from-disk (slurp (io/file dir "index.html"))
            ops (into [] (run/history (io/file dir "history.edn")))]
        (report/write! dir {:history ops})
        (is (= from-disk (slurp (io/file dir "index.html"))))))))

(deftest a-long-run-gives-a-small-page
  (with-run {:seconds 600 :rate 60 :faults 60 :broken? true}
    (fn [page _]
      (is (< (count page) 1000000)))))
