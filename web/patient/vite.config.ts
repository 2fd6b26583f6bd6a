import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from '../build.ts';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/p/',
  plugins: [react(), compressed()],
  // Phones of several years ago read these pages.
  build: { outDir: 'dist', target: ['es2020', 'chrome80', 'safari14'], reportCompressedSize: false },
  server: { proxy: { '/api': process.env['XINGLIN_API'] ?? 'http://127.0.0.1:8080' } },
});
