import { fileURLToPath } from 'node:url';

const folder = (name) => fileURLToPath(new URL(name, import.meta.url));

export default {
  entry: './app.js',
  output: { path: folder('./dist'), filename: 'app.js', publicPath: 'auto' },
  devServer: { static: folder('./public') },
};
