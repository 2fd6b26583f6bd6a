export * from './clock.ts';
export * from './config.ts';
export * from './errors.ts';
export * from './ids.ts';
export * from './logger.ts';
export * from './memory.ts';
export * from './project-root.ts';
export * from './version.ts';
