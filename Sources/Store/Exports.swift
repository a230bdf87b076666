// Whoever opens a store has to know what can be wrong with one: `StoreError`.
@_exported public import SQLite
