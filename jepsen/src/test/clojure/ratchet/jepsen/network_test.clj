(ns ratchet.jepsen.network-test
  "Namespaces, cuts and leftovers on this machine. Needs root and its tools; elsewhere says that it was skipped."
  (:require [clojure.java.io :as io]
            [clojure.test :refer [deftest is testing]]
            [ratchet.jepsen.layout :as layout]
            [ratchet.jepsen.leftovers :as leftovers]
            [ratchet.jepsen.net :as net]
            [ratchet.jepsen.nemesis.partition :as partition]
            [ratchet.jepsen.preflight :as preflight]
            [ratchet.jepsen.shell :as shell])
  (:import (java.net InetSocketAddress Socket)))

(def ^:private run-name "rtj91")

(defmacro ^:private as-root
  "Runs the body where it can run, and leaves nothing."
  [needs & body]
  `(if-let [wrong# (seq (preflight/problems {:name run-name :needs ~needs}))]
     (binding [*out* *err*]
       (println "SKIPPED: ratchet.jepsen.network-test:" (first wrong#))
       (is (not (and (shell/root?) (shell/on-path? "ip") (shell/on-path? "iptables-restore")))
           (str "root and the tools are there, but " (vec wrong#))))
     (try
       ~@body
       (finally (leftovers/remove! run-name)))))

(defn- network! [zones]
  (let [layout {:name run-name :zones (layout/zones run-name zones)}]
    (leftovers/open run-name "/tmp")
    (net/set-up! layout)
    (net/net layout)))

(defn- ns-of [zone] (str run-name "-z" (last zone)))

(defn- hears?
  "Whether a packet from one zone reaches another one: a refused connection does, too."
  [from to]
  (let [ip (str (layout/subnet run-name) ".1" (last to))]
    (not= 124 (:exit (shell/attempt ["ip" "netns" "exec" (ns-of from) "timeout" "0.3" "bash" "-c"
                                     (str "exec 3<>/dev/tcp/" ip "/9 || true")])))))

(defn- callers-hear? [zone]
  (try
    (with-open [socket (Socket.)]
      (.connect socket (InetSocketAddress. (str (layout/subnet run-name) ".1" (last zone)) 9) 300)
      true)
    (catch java.net.ConnectException _ true)
    (catch java.io.IOException _ false)))

(deftest zones-and-callers-hear-each-other-until-they-are-cut
  (as-root #{:net}
    (let [net (network! 3)]
      (is (hears? "zone-1" "zone-2"))
      (is (callers-hear? "zone-1"))
      (net/trouble! net 0 {:drops (partition/shape :one ["zone-1" "zone-2" "zone-3"])})
      (is (not (hears? "zone-1" "zone-2")))
      (is (hears? "zone-2" "zone-3"))
      (is (callers-hear? "zone-1"))
      (testing "a second fault is no way around the first one"
        (net/trouble! net 1 {:drops (net/cut-both "zone-2" :callers)})
        (is (not (callers-hear? "zone-2")))
        (net/trouble! net 1 nil)
        (is (callers-hear? "zone-2"))
        (is (not (hears? "zone-1" "zone-2"))))
      (net/trouble! net 0 nil)
      (is (hears? "zone-1" "zone-2")))))

(deftest all-packets-are-lost-where-all-are-to-be-lost
  (as-root #{:net :tc}
    (let [net (network! 3)]
      (net/trouble! net 0 {:loss {"zone-1" 1.0} :delay {"zone-2" 50}})
      (is (not (hears? "zone-2" "zone-1")))
      (is (hears? "zone-3" "zone-2"))
      (net/trouble! net 0 nil)
      (is (hears? "zone-2" "zone-1")))))

(deftest nothing-is-left-of-a-run-that-was-killed
  (as-root #{:net}
    (network! 3)
    (let [process (.start (ProcessBuilder. ["ip" "netns" "exec" (ns-of "zone-1") "sleep" "600"]))]
      (loop [tries 100]
        (when (and (pos? tries) (empty? (net/pids run-name)))
          (Thread/sleep 20)
          (recur (dec tries))))
      (is (= [(.pid process)] (net/pids run-name)))
      (is (some #{run-name} (leftovers/names)))
      (is (= [] (leftovers/remove! run-name)))
      (is (not (.isAlive process)))
      (is (empty? (net/namespaces run-name)))
      (is (not (.exists (io/file "/sys/class/net" run-name))))
      (is (not-any? #{run-name} (leftovers/names))))))

(deftest a-link-of-somebody-else-is-left-alone
  (as-root #{:net}
    (shell/sh ["ip" "link" "add" run-name "type" "bridge"])
    (try
      (is (some #(re-find #"has a network link 'rtj91' that is not the harness's" %)
                (preflight/problems {:name run-name :needs #{:net}})))
      (leftovers/remove! run-name)
      (is (.exists (io/file "/sys/class/net" run-name)))
      (finally (shell/attempt ["ip" "link" "delete" run-name])))))

(deftest a-process-is-known-by-its-birth
  (is (= (leftovers/birth 1) (leftovers/birth 1)))
  (is (pos? (leftovers/birth (.pid (java.lang.ProcessHandle/current)))))
  (is (nil? (leftovers/birth 999999999))))
