(ns ratchet.jepsen.disk
  "A disk for a store node's data folder: a file with an ext4 file system, mounted there. It can be filled to
  its last byte, and, as real disks that fail, turn read-only under those who write to it."
  (:require [clojure.java.io :as io]
            [clojure.string :as str]
            [ratchet.jepsen.leftovers :as leftovers]
            [ratchet.jepsen.shell :refer [attempt lines sh]])
  (:import (java.io RandomAccessFile)
           (java.nio.file Files Path)))

(set! *warn-on-reflection* true)

(def ^:private megabytes 256)

(defn- image [folder] (str folder ".img"))

(defn- filler [folder] (io/file folder "filler"))

(defn- mount! [folder]
  (sh ["mount" "-o" "loop,errors=remount-ro" (image folder) folder]))

(defn- share!
  "Has what is unmounted below a folder unmounted for everybody: each process in a network namespace has a mount
  namespace, too, whose copy would keep the disk in use."
  [notes ^String folder]
  (leftovers/note! notes update :mounts conj folder)
  (sh ["mount" "--bind" folder folder])
  (sh ["mount" "--make-shared" folder]))

(defn create!
  "Makes a disk, mounted at that folder."
  [notes folder]
  (.mkdirs (io/file folder))
  (share! notes (.getParent (io/file folder)))
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

(def ^:private detach-millis 5000)

(defn- await-detached!
  "Waits until nobody has the disk in use."
  [folder]
  (let [end (+ (System/nanoTime) (* 1000000 (long detach-millis)))]
    (while (seq (lines "losetup" "--associated" (image folder)))
      (when (pos? (- (System/nanoTime) end))
        (throw (ex-info (str "the disk " (image folder) " is still in use") {})))
      (Thread/sleep 20))))

(defn repair!
  "Checks the disk, and mounts it anew. Whoever had files open there must be gone."
  [folder]
  (sh ["umount" folder])
  (await-detached! folder)
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
