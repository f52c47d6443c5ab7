(ns ratchet.jepsen.report.html-test
  (:require [clojure.string :as str]
            [clojure.test :refer [deftest is testing]]
            [ratchet.jepsen.report.html :as html]))

(deftest text-shows-as-it-reads
  (is (= "<p>a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;</p>" (html/render [:p "a <b> & \"c\" 'd'"])))
  (is (= "<p>12 key</p>" (html/render [:p 12 " " :key]))))

(deftest attributes-can-not-be-left
  (is (= "<a title=\"x&quot; onclick=&quot;y\">z</a>" (html/render [:a {:title "x\" onclick=\"y"} "z"])))
  (testing "those without a value are left out, flags stand alone"
    (is (= "<details open>z</details>" (html/render [:details {:open true :class nil :hidden false} "z"])))))

(deftest control-characters-become-visible
  (is (= "a\uFFFDb\uFFFDc\nd" (html/escape "a\u0000b\u001bc\nd"))))

(deftest raw-markup-is-no-attribute
  (is (= "<style>a > b {}</style>" (html/render [:style (html/raw "a > b {}")]))))

(deftest children-may-be-nested-lists
  (is (= "<ul><li>1</li><li>2</li></ul>" (html/render [:ul (for [i [1 2]] [:li i]) nil]))))

(deftest a-document-is-whole
  (let [page (html/document {:title "<t>" :style "s{}" :script "1"} [:main "x"])]
    (is (str/starts-with? page "<!doctype html>\n<html lang=\"en\">"))
    (is (str/includes? page "<title>&lt;t&gt;</title>"))
    (is (str/includes? page "<main>x</main><script>1</script></body></html>"))))
