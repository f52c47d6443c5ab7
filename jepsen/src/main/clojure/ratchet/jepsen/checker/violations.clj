(ns ratchet.jepsen.checker.violations
  "What checkers find, in the form of results.")

(def most-kept
  "How many violations a check keeps; it counts all."
  32)

(defn ops-of
  "The ops of calls, for a violation: how each was invoked and completed."
  [calls]
  (into [] (comp (mapcat (juxt :invoke :complete)) (remove nil?) (distinct)) calls))

(defn violation
  "A violation by these calls."
  [why & calls]
  {:why why, :ops (ops-of calls)})

(defn result
  "The result of a check: valid if there are no violations. Those that the contract allows under the faults that
  were under way carry `:allowed`: they are shown, and count for nothing."
  ([violations] (result violations nil))
  ([violations more]
   (let [broken  (remove :allowed violations)
         allowed (filter :allowed violations)]
     (merge {:valid?     (empty? broken)
             :count      (count broken)
             :violations (into [] (take most-kept) broken)}
            (when (seq allowed)
              {:allowed {:count (count allowed), :violations (into [] (take most-kept) allowed)}})
            more))))
