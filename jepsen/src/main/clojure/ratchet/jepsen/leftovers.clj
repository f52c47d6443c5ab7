(ns ratchet.jepsen.leftovers
  "What a run has made on this machine, noted in a file as it is made, so that whoever comes after can remove
  it: the run itself at its end or on Ctrl-C; the next run, or `--clean`, when the run was killed."
  (:require [clojure.edn :as edn]
            [clojure.java.io :as io]
            [clojure.string :as str]
            [ratchet.jepsen.net :as net]
            [ratchet.jepsen.shell :refer [attempt root?]])
  (:import (java.io File)
           (java.lang ProcessHandle)
           (java.nio.file Files Path)))

(set! *warn-on-reflection* true)

(defn- folder ^File []
  (if (root?)
    (io/file "/run/ratchet-jepsen")
    (io/file (System/getProperty "user.home") ".cache" "ratchet-jepsen")))

(defn- file ^File [name] (io/file (folder) (str name ".edn")))

(defn birth
  "When a process was started, in ticks since the machine was; nil if there is none. With the number of a
  process it names it for good."
  [pid]
  (try
    (let [stat   (Files/readString (Path/of (str "/proc/" pid "/stat") (make-array String 0)))
          ;; The name in parentheses may have spaces.
          fields (str/split (subs stat (+ 2 (.lastIndexOf stat ")"))) #" ")]
      (when-not (= "Z" (first fields))
        (parse-long (nth fields 19))))
    (catch java.io.IOException _ nil)))

(defn- alive? [[pid born]]
  (and born (= born (birth pid))))

(defn read-notes
  "What is noted of a name, or nil."
  [name]
  (let [file (file name)]
    (when (.exists file)
      (try
        (edn/read-string (slurp file))
        (catch RuntimeException _ {})))))

(defn in-use-by
  "The number of the process of another run that goes on under that name, or nil."
  [name]
  (let [{:keys [harness]} (read-notes name)]
    (when (and (alive? harness) (not= (first harness) (.pid (ProcessHandle/current))))
      (first harness))))

(defn open
  "Notes for a run of that name in that folder."
  [name dir]
  (.mkdirs (folder))
  (let [pid   (.pid (ProcessHandle/current))
        notes (atom {:name name :dir dir :harness [pid (birth pid)] :processes #{} :mounts []})]
    (spit (file name) (pr-str @notes))
    notes))

(defn note!
  "Notes one thing more: `(note! notes update :mounts conj \"/mnt\")`."
  [notes f & args]
  (locking notes
    (let [noted (apply swap! notes f args)
          fresh (io/file (folder) (str (:name noted) ".new"))]
      (spit fresh (pr-str noted))
      (when-not (.renameTo fresh (file (:name noted)))
        (throw (ex-info (str "can't write " (file (:name noted))) {}))))))

(defn note-process!
  "Notes a process that was started."
  [notes pid]
  (note! notes update :processes conj [pid (birth pid)]))

(defn- kill-all! [pids]
  (when (seq pids)
    (attempt (concat ["kill" "-9"] pids))))

(defn- shared-memory
  "What libfaketime leaves of a process that was killed."
  [pid]
  (filter #(.exists ^File %)
          [(io/file (str "/dev/shm/faketime_shm_" pid))
           (io/file (str "/dev/shm/sem.faketime_sem_" pid))]))

(defn- await-gone! [living bound-millis]
  (let [end (+ (System/nanoTime) (* 1000000 (long bound-millis)))]
    (while (and (seq (living)) (neg? (- (System/nanoTime) end)))
      (kill-all! (living))
      (Thread/sleep 50))))

(defn remove!
  "Removes all that a run of that name has made: processes, mounts, the network, the notes. Gives what could not
  be removed, as text."
  [name]
  (let [{:keys [processes mounts]} (read-notes name)
        namespaced? (and (root?) (seq (net/namespaces name)))
        living #(distinct (concat (map first (filter alive? processes))
                                  (when namespaced? (net/pids name))))]
    (await-gone! living 10000)
    (doseq [[pid] processes, memory (shared-memory pid)]
      (io/delete-file memory true))
    (doseq [mount (reverse mounts)]
      (attempt ["umount" "--lazy" mount]))
    (when (root?)
      (net/tear-down! name))
    (let [left (concat (map #(str "process " %) (living))
                       (map #(str "namespace " %) (when (root?) (net/namespaces name)))
                       (for [mount mounts
                             :when (zero? (long (:exit (attempt ["mountpoint" "-q" mount]))))]
                         (str "mount " mount)))]
      (when (empty? left)
        (io/delete-file (file name) true))
      (vec left))))

(defn names
  "All names of which something is noted."
  []
  (sort (for [file (.listFiles (folder))
              :let [name (.getName ^File file)]
              :when (str/ends-with? name ".edn")]
          (subs name 0 (- (count name) 4)))))
