(ns ratchet.jepsen.disk
  "A disk for a store node's data folder: a file with an ext4 file system, mounted there. It can be filled to
  its last byte, and, as real disks that fail, turn read-only under those who write to it."
  (:require [clojure.java.io :as io]
            [clojure.string :as str]
            [ratchet.jepsen.leftovers :as leftovers]
            [ratchet.jepsen.shell :refer [attempt sh]])
  (:import (java.io RandomAccessFile)
           (java.nio.file Files Path)))

(set! *warn-on-reflection* true)

(def ^:private megabytes 256)

(defn- image [folder] (str folder ".img"))

(defn- filler [folder] (io/file folder "filler"))

(defn- mount! [folder]
  (sh ["mount" "-o" "loop,errors=remount-ro" (image folder) folder]))

(defn create!
  "Makes a disk, mounted at that folder."
  [notes folder]
  (.mkdirs (io/file folder))
  (with-open [file (RandomAccessFile. ^String (image folder) "rw")]
    (.setLength file (* 1024 1024 (long megabytes))))
  (sh ["mkfs.ext4" "-q" "-F" "-m" "0" (image folder)])
  (leftovers/note! notes update :mounts conj folder)
  (mount! folder)
  (io/delete-file (io/file folder "lost+found") true))

(defn fill!
  "Takes all space that is left."
  [folder]
  (let [block (byte-array 65536)]
    (with-open [out (io/output-stream (filler folder))]
      (try
        (while true
          (.write out block)
          (.flush out))
        (catch java.io.IOException _)))))

(defn free!
  "Gives the space back."
  [folder]
  (io/delete-file (filler folder) true))

(defn- device [folder]
  (some->> (sh ["findmnt" "-n" "-o" "SOURCE" "--target" folder])
           str/split-lines first (re-find #"loop\d+")))

(defn break!
  "The kernel finds an error on the disk, and lets nobody write to it any more."
  [folder]
  (spit (str "/sys/fs/ext4/" (device folder) "/trigger_fs_error") "1\n"))

(defn repair!
  "Checks the disk, and mounts it anew. Whoever had files open there must be gone."
  [folder]
  (sh ["umount" folder])
  (let [{:keys [exit out]} (attempt ["e2fsck" "-p" "-f" (image folder)])]
    ;; 1: errors corrected.
    (when (> (long exit) 1)
      (throw (ex-info (str "e2fsck of " (image folder) ": " out) {:exit exit}))))
  (mount! folder))

(defn remove!
  "Unmounts the disk and deletes its file."
  [folder]
  (attempt ["umount" "--lazy" folder])
  (Files/deleteIfExists (Path/of (image folder) (make-array String 0))))

(defn possible?
  "Whether this machine has loop devices to mount with."
  []
  (zero? (long (:exit (attempt ["losetup" "--find"])))))
