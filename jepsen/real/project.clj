(def harness-jars
  "What the harness's own build gathered: the client and what it needs. Clojure, its tools and logging are Jepsen's."
  (->> (.listFiles (java.io.File. "../target/lib"))
       (map str)
       (remove #(re-find #"/(clojure|spec\.alpha|core\.specs\.alpha|tools\.cli|logback|slf4j)" %))
       (filterv #(.endsWith % ".jar"))))

(defproject dev.ratchet/ratchet-real-jepsen "0.1.0-SNAPSHOT"
  :description "The workloads, faults and checkers of Ratchet's partition harness under Jepsen."
  ;; From 0.3.12 on Jepsen needs Java 21.
  :dependencies [[org.clojure/clojure "1.12.5"]
                 [jepsen "0.3.13"]]
  :source-paths ["src" "../src/main/clojure"]
  :resource-paths ~harness-jars
  :main ratchet.real.main
  :jvm-opts ["-Dratchet.home=../.." "-Djava.awt.headless=true" "-Xmx4g"])
