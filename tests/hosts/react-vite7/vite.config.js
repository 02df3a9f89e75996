import react from '@vitejs/plugin-react';

// Vite 7 and older take the script away from its WebAssembly when they bundle dependencies beforehand.
export default { plugins: [react()], optimizeDeps: { exclude: ['payment-form'] } };
