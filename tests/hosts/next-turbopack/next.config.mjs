// The fixture lies below another package's lock file, which Turbopack would take for its root.
export default { allowedDevOrigins: ['127.0.0.1'], turbopack: { root: import.meta.dirname } };
