/** What crosses a boundary: schemas, ids, events, ports, error codes. The only code server and web share. */

export * from './canonical.ts';
export * from './errors.ts';
export * from './facts.ts';
export * from './ids.ts';
export * from './loop.ts';
export * from './organisation.ts';
export * from './ports.ts';
export * from './raw.ts';
export * from './signals.ts';
export * from './viewer.ts';
