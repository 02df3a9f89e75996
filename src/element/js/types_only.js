// Stands behind the entries that hold types only. An import of one without `type` finds this module, and nothing happens.
export {};
