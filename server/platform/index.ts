export * from './db/index.ts';
export * from './types.ts';
