export { createHttp } from './app.ts';
export { readCursor, writeCursor } from './cursor.ts';
export { servePages } from './static.ts';
export { type TypedApp, typed } from './typed.ts';
