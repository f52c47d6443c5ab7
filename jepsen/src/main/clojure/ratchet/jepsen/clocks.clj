(ns ratchet.jepsen.clocks
  "Clocks of processes that are not the machine's, by libfaketime.

  A clock is `{:kind :wall :file f}`: only the time of day can be set, while the process runs, by writing an offset
  into the file; or `{:kind :rate :rate r :file f}`: all clocks of the process go at that rate for all its life, the
  monotonic one, its timed waits and the kernel's uptime too. nil is the machine's own."
  (:require [clojure.java.io :as io])
  (:import (java.io File RandomAccessFile)
           (java.nio.file Files Path)
           (java.util Locale)))

(set! *warn-on-reflection* true)

(def ^:private folders
  ["/usr/lib/x86_64-linux-gnu/faketime" "/usr/lib/aarch64-linux-gnu/faketime" "/usr/lib64/faketime"
   "/usr/lib/faketime" "/usr/local/lib/faketime"])

(defn library
  "Where libfaketime for programs with threads is, or nil."
  []
  (some #(let [file (io/file % "libfaketimeMT.so.1")]
           (when (.exists file) (str file)))
        folders))

(defn wall
  "A clock whose time of day can be set through a file."
  [file]
  (spit file "+0")
  {:kind :wall :file file})

(defn rated
  "A clock that goes at a rate."
  [file rate]
  {:kind :rate :rate rate :file file})

(defn- rate-text [rate] (String/format Locale/ROOT "+0 x%.3f" (to-array [(double rate)])))

(defn environment
  "What tells libfaketime."
  [{:keys [kind file rate]}]
  (case kind
    nil   {}
    :wall {"LD_PRELOAD"                   (library)
           "FAKETIME_TIMESTAMP_FILE"      file
           "FAKETIME_NO_CACHE"            "1"
           "FAKETIME_DONT_FAKE_MONOTONIC" "1"
           ;; Else timed waits by the monotonic clock, which is not faked, end at once.
           "FAKETIME_FORCE_MONOTONIC_FIX" "0"
           "NO_FAKE_STAT"                 "1"}
    :rate {"LD_PRELOAD"   (library)
           "FAKETIME"     (rate-text rate)
           "NO_FAKE_STAT" "1"}))

(defn wrapper
  "What a command is started through, in a mount namespace of its own, so that the uptime it reads
  goes at its clock's rate."
  [{:keys [kind file]}]
  (when (= :rate kind)
    ["sh" "-c" "mount --bind \"$1\" /proc/uptime && shift && exec \"$@\"" "sh" (str file ".uptime")]))

(defn set-wall!
  "Moves the time of day of a process away from the machine's, by milliseconds."
  [{:keys [file]} millis]
  ;; In one write: it is read at any time.
  (let [fresh (File. (str file ".new"))]
    (spit fresh (String/format Locale/ROOT "%+.3f" (to-array [(/ (double millis) 1000.0)])))
    (when-not (.renameTo fresh (io/file file))
      (throw (ex-info (str "can't write " file) {})))))

;; Uptimes that go at a rate: a thread a file.

(def ^:private uptime-millis 5)

(defn- machine-uptime []
  (let [text (Files/readString (Path/of "/proc/uptime" (make-array String 0)))]
    (Double/parseDouble (subs text 0 (.indexOf text " ")))))

(defn- write-uptime! [^RandomAccessFile file seconds]
  ;; Always as long, so that a reader sees the old one or the new one.
  (.seek file 0)
  (.write file (.getBytes (String/format Locale/ROOT "%012.2f 0.00\n" (to-array [seconds])) "US-ASCII")))

(defn- keep-writing [path rate running]
  (let [begun (System/nanoTime)
        from  (double (machine-uptime))]
    (with-open [file (RandomAccessFile. ^String path "rw")]
      (write-uptime! file from)
      (future
        (with-open [file (RandomAccessFile. ^String path "rw")]
          (while @running
            (write-uptime! file (+ from (* (double rate) (/ (- (System/nanoTime) begun) 1e9))))
            (Thread/sleep (long uptime-millis))))))))

(defn run-uptime!
  "Keeps the uptime of a rated clock going until `forget!`."
  [cluster name {:keys [rate file]}]
  (let [running (atom true)]
    (swap! (:clock-files cluster) assoc name running)
    (keep-writing (str file ".uptime") rate running)))

(defn forget! [cluster name]
  (some-> (get @(:clock-files cluster) name) (reset! false)))

(defn forget-all! [cluster]
  (run! #(forget! cluster %) (keys @(:clock-files cluster))))
