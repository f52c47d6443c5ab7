(ns ratchet.jepsen.net
  "The network of a cluster: a namespace a zone, joined by a bridge in a namespace of its own, and one
  link from there to the callers. Nothing but that link is in the machine's own network.

  What is wrong with it is data: a map of fault → `{:drops [...] :loss {zone share} :delay {zone millis}}`,
  from which the rules of each zone are written anew, all at once, whenever one begins or ends."
  (:require [clojure.string :as str]
            [ratchet.jepsen.layout :as layout]
            [ratchet.jepsen.shell :refer [attempt lines sh]]))

(set! *warn-on-reflection* true)

(def ^:private mark
  "Tells that a link of this machine is ours."
  "ratchet jepsen")

(defn hub "The namespace of the bridge." [name] (str name "-hub"))

(defn namespaces
  "The namespaces that there are of a cluster of that name."
  [name]
  (let [ours (re-pattern (str (java.util.regex.Pattern/quote name) "-(hub|z\\d+)"))]
    (filterv #(re-matches ours %)
             (map #(first (str/split % #"\s+")) (lines "ip" "netns" "list")))))

(defn foreign-link?
  "Whether the machine has a link of that name that is not ours."
  [name]
  (let [{:keys [exit out]} (attempt ["ip" "link" "show" "dev" name])]
    (and (zero? (long exit)) (not (str/includes? out (str "alias " mark))))))

(defn- link? [name]
  (zero? (long (:exit (attempt ["ip" "link" "show" "dev" name])))))

(defn foreign-route
  "What the machine already uses the addresses of that name for, or nil."
  [name]
  (when-not (link? name)
    (first (filter #(str/includes? % (str (layout/subnet name) "."))
                   (lines "ip" "-4" "addr" "show")))))

(defn pids
  "All processes in the namespaces of that name."
  [name]
  (for [ns (namespaces name), pid (lines "ip" "netns" "pids" ns)]
    (parse-long (str/trim pid))))

(defn- batch [ns & commands]
  (sh (concat ["ip"] (when ns ["-n" ns]) ["-batch" "-"]) (str/join "\n" commands)))

(defn set-up!
  "Makes the network of a cluster."
  [{:keys [name zones]}]
  (let [hub (hub name)]
    (batch nil
           (str "netns add " hub)
           (str "link add " name " type veth peer name callers netns " hub)
           (str "link set " name " alias \"" mark "\"")
           (str "addr add " (layout/callers-ip name) "/24 dev " name)
           (str "link set " name " up"))
    (batch hub
           "link set lo up"
           "link add bridge type bridge"
           "link set bridge up"
           "link set callers master bridge"
           "link set callers up")
    (doseq [{:keys [ns link ip]} zones]
      (batch nil
             (str "netns add " ns)
             (str "link add eth0 netns " ns " type veth peer name " link " netns " hub))
      (batch hub
             (str "link set " link " master bridge")
             (str "link set " link " up"))
      (batch ns
             "link set lo up"
             (str "addr add " ip "/24 dev eth0")
             "link set eth0 up"))))

(defn tear-down!
  "Removes the network of that name; its processes must be gone."
  [name]
  (doseq [ns (namespaces name)]
    (attempt ["ip" "netns" "delete" ns]))
  (when (and (link? name) (not (foreign-link? name)))
    (attempt ["ip" "link" "delete" name])))

;; Rules. A drop is `{:at zone :chain :in|:out :peer zone|:callers|:any :port n :side :to|:from}`: packets
;; that come in or go out at a zone; with a port, only those to or from it.

(defn cut
  "Nothing from one side reaches the other one. Sides are zones or :callers."
  [from to]
  (if (= :callers to)
    {:at from :chain :out :peer :callers}
    {:at to :chain :in :peer from}))

(defn cut-both [a b] [(cut a b) (cut b a)])

(defn cut-groups
  "No zone of one group and zone of the other one hear each other."
  [as bs]
  (vec (for [a as, b bs, drop (cut-both a b)] drop)))

(defn cut-service
  "A zone can't call a port elsewhere, nor hear its answers: `:out`. Or nobody can call it here: `:in`."
  [zone direction port]
  (if (= :out direction)
    [{:at zone :chain :out :peer :any :port port :side :to}
     {:at zone :chain :in :peer :any :port port :side :from}]
    [{:at zone :chain :in :peer :any :port port :side :to}
     {:at zone :chain :out :peer :any :port port :side :from}]))

(defn- ip-of [{:keys [name zones]} peer]
  (if (= :callers peer)
    (layout/callers-ip name)
    (:ip (first (filter #(= peer (:zone %)) zones)))))

(defn- rule [layout {:keys [chain peer port side]}]
  (str "-A " (case chain :in "INPUT" :out "OUTPUT")
       (when-not (= :any peer)
         (str (case chain :in " -s " :out " -d ") (ip-of layout peer)))
       (when port
         (str " -p tcp --" (case side :to "dport" :from "sport") " " port))
       " -j DROP"))

(defn rules
  "What `iptables-restore` is given for a zone."
  [layout zone troubles]
  (let [drops  (filter #(= zone (:at %)) (mapcat :drops (vals troubles)))
        losses (keep #(get-in % [:loss zone]) (vals troubles))]
    (str/join "\n"
              (concat ["*filter" ":INPUT ACCEPT [0:0]" ":FORWARD ACCEPT [0:0]" ":OUTPUT ACCEPT [0:0]"]
                      (sort (distinct (map #(rule layout %) drops)))
                      (for [share losses]
                        (String/format java.util.Locale/ROOT
                                "-A INPUT ! -i lo -m statistic --mode random --probability %.4f -j DROP"
                                (to-array [(double share)])))
                      ["COMMIT" ""]))))

(defn delay-millis
  "By how much packets that leave a zone come later."
  [zone troubles]
  (reduce max 0 (keep #(get-in % [:delay zone]) (vals troubles))))

(defn- qdisc [ns & args]
  (attempt (concat ["ip" "netns" "exec" ns "tc" "qdisc"] args)))

(defn- netem? [ns]
  (zero? (long (:exit (qdisc ns "replace" "dev" "lo" "root" "netem" "delay" "0ms")))))

(defn delay-means
  "How packets are delayed here: :netem, or :tbf where the kernel has no netem. `tbf` makes a slow link with
  a long queue: what is sent waits, the longer the more there is. nil: the kernel has neither."
  [{:keys [zones]}]
  (let [ns (:ns (first zones))]
    (try
      (cond
        (netem? ns) :netem
        (zero? (long (:exit (qdisc ns "replace" "dev" "lo" "root" "tbf" "rate" "1gbit" "burst" "64k"
                                   "latency" "10ms")))) :tbf)
      (finally (qdisc ns "delete" "dev" "lo" "root")))))

(def ^:private slow-link
  "Less than nodes send to each other under traffic, so that there is a queue."
  "512kbit")

(defn- set-delay! [{:keys [delay-means]} ns millis]
  (cond
    (zero? (long millis)) (qdisc ns "delete" "dev" "eth0" "root")
    (= :netem delay-means) (qdisc ns "replace" "dev" "eth0" "root" "netem"
                                  "delay" (str millis "ms") (str (quot (long millis) 4) "ms"))
    :else (qdisc ns "replace" "dev" "eth0" "root" "tbf"
                 "rate" slow-link "burst" "2k" "latency" (str millis "ms"))))

(defn- apply! [{:keys [layout] :as net} before after]
  (->> (:zones layout)
       (mapv (fn [{:keys [zone ns]}]
               (future
                 (let [wanted (rules layout zone after)]
                   (when-not (= wanted (rules layout zone before))
                     (sh ["ip" "netns" "exec" ns "iptables-restore" "-w"] wanted)))
                 (let [millis (delay-millis zone after)]
                   (when-not (= millis (delay-millis zone before))
                     (set-delay! net ns millis))))))
       (run! deref)))

(defn net
  "The network of a cluster that was set up, nothing wrong with it yet."
  [layout]
  {:layout layout :delay-means (delay-means layout) :troubles (atom {})})

(defn trouble!
  "From now on this fault has these effects; nil for none."
  [{:keys [troubles] :as net} fault effects]
  (locking troubles
    (let [before @troubles
          after  (if effects (assoc before fault effects) (dissoc before fault))]
      (apply! net before after)
      (reset! troubles after))))
