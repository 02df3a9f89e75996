// Starts the page: the glue fetches the wasm and calls its `main`.
import start from './leptos_app.js';

await start({ module_or_path: new URL('./leptos_app_bg.wasm', import.meta.url) });
