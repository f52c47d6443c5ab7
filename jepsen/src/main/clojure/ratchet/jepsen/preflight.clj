(ns ratchet.jepsen.preflight
  "Whether this machine can run what is asked for; and if not, what to do about it."
  (:require [clojure.string :as str]
            [ratchet.jepsen.clocks :as clocks]
            [ratchet.jepsen.disk :as disk]
            [ratchet.jepsen.leftovers :as leftovers]
            [ratchet.jepsen.net :as net]
            [ratchet.jepsen.shell :as shell]))

(set! *warn-on-reflection* true)

(def ^:private tools
  "Commands by what needs them, and the Debian package that has each."
  {:net  {"ip" "iproute2", "iptables-restore" "iptables"}
   :tc   {"tc" "iproute2"}
   :disk {"mkfs.ext4" "e2fsprogs", "e2fsck" "e2fsprogs", "mount" "mount", "umount" "mount", "losetup" "mount"
          "findmnt" "util-linux", "mountpoint" "util-linux"}})

(defn missing-tools
  "What is missing of the tools that these needs have, as texts. `there?` says of a command whether it is."
  [needs there?]
  (for [[tool package] (into (sorted-map) (mapcat tools) needs)
        :when (not (there? tool))]
    (str "the command '" tool "' is missing; install it: apt-get install " package)))

(defn- name-problems [name]
  (when-not (re-matches #"[a-z][a-z0-9]{0,7}" name)
    [(str "--name " name ": 1 to 8 of a-z 0-9, a letter first; links and namespaces are named by it")]))

(defn- network-problems [name]
  (concat
    (when (net/foreign-link? name)
      [(str "this machine has a network link '" name "' that is not the harness's; give another name: --name rtj1")])
    (when-let [route (net/foreign-route name)]
      [(str "this machine uses the harness's addresses already (" (str/trim route)
            "); give a name with another number at its end: --name rtj1")])))

(defn problems
  "What is in the way, as texts; none if nothing is. `needs` are those of the faults."
  [{:keys [name loopback? needs]}]
  (let [root? (shell/root?)]
    (concat
      (name-problems name)
      (when-let [pid (leftovers/in-use-by name)]
        [(str "another run (process " pid ") uses the name '" name "'; wait for its end, or give another: --name rtj1")])
      (when-not (or loopback? root?)
        ["network namespaces need root: run this as root, or with --loopback and without partitions, packets, clock rates and disks"])
      (when (and loopback? (contains? needs :net))
        ["--loopback has no network between zones: leave out partition, packets, rate and slow"])
      (when (and (contains? needs :disk) (not root?))
        ["disks of their own need root to be mounted: leave out disk"])
      (missing-tools (cond-> needs loopback? (disj :net :tc) (not loopback?) (conj :net)) shell/on-path?)
      (when (and (contains? needs :faketime) (nil? (clocks/library)))
        ["libfaketime is missing; install it: apt-get install faketime"])
      (when (and root? (contains? needs :disk) (shell/on-path? "losetup") (not (disk/possible?)))
        ["this machine has no loop devices to mount disks with: leave out disk"])
      (when (and root? (not loopback?) (shell/on-path? "ip"))
        (network-problems name)))))
