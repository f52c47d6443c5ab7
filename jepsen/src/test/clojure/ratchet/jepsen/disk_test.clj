(ns ratchet.jepsen.disk-test
  "Disks that are full or read-only. Needs root and loop devices; elsewhere says that it was skipped."
  (:require [clojure.java.io :as io]
            [clojure.test :refer [deftest is]]
            [ratchet.jepsen.disk :as disk]
            [ratchet.jepsen.leftovers :as leftovers]
            [ratchet.jepsen.preflight :as preflight]
            [ratchet.jepsen.shell :as shell])
  (:import (java.io FileOutputStream IOException)
           (java.nio.file Files)
           (java.nio.file.attribute FileAttribute)))

(def ^:private run-name "rtj92")

(defn- with-disk
  "Calls with the folder of a disk, and leaves nothing."
  [f]
  (if-let [wrong (seq (preflight/problems {:name run-name :loopback? true :needs #{:disk}}))]
    (binding [*out* *err*]
      (println "SKIPPED: ratchet.jepsen.disk-test:" (first wrong))
      (is (not (and (shell/root?) (disk/possible?))) (str "there are disks, but " (vec wrong))))
    (let [parent (str (Files/createTempDirectory "disk" (make-array FileAttribute 0)))
          folder (str parent "/data")]
      (try
        (disk/create! (leftovers/open run-name parent) folder)
        (f folder)
        (finally
          (leftovers/remove! run-name)
          (disk/remove! folder)
          (shell/attempt ["rm" "-rf" parent]))))))

(defn- writes? [^FileOutputStream out]
  (try
    (.write out (byte-array 100000))
    true
    (catch IOException _ false)))

(deftest a-full-disk-takes-nothing-until-it-is-freed
  (with-disk
    (fn [folder]
      (with-open [out (FileOutputStream. (io/file folder "log"))]
        (is (writes? out))
        (disk/fill! folder)
        (is (not (writes? out)))
        (disk/free! folder)
        (is (writes? out))))))

(deftest a-disk-turns-read-only-under-its-writers-and-is-repaired-with-all-that-is-on-it
  (with-disk
    (fn [folder]
      (spit (io/file folder "kept") "this")
      (shell/sh ["sync"])
      (with-open [out (FileOutputStream. (io/file folder "log"))]
        (is (writes? out))
        (disk/break! folder)
        (is (not (writes? out))))
      (disk/repair! folder)
      (is (= "this" (slurp (io/file folder "kept"))))
      (with-open [out (FileOutputStream. (io/file folder "log"))]
        (is (writes? out))))))

(deftest a-process-with-mounts-of-its-own-keeps-no-disk-in-use
  (with-disk
    (fn [folder]
      (let [other (.start (ProcessBuilder. ["unshare" "--mount" "--propagation" "slave" "sleep" "600"]))]
        (try
          (Thread/sleep 200)
          (disk/break! folder)
          (disk/repair! folder)
          (with-open [out (FileOutputStream. (io/file folder "log"))]
            (is (writes? out)))
          (finally (.destroyForcibly other)))))))

(deftest nothing-is-mounted-any-more-afterwards
  (let [folder (promise)]
    (with-disk #(deliver folder %))
    (is (or (not (realized? folder))
            (not (zero? (:exit (shell/attempt ["mountpoint" "-q" @folder]))))))
    (is (nil? (leftovers/read-notes run-name)))))
