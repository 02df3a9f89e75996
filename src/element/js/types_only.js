// The module behind the entries that hold types only: an import of one without `type` finds it, and nothing happens.
export {};
