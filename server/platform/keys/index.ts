export { type KeyFile, loadKeyFile } from './key-file.ts';
export { createKeys, netstrings, openKeys } from './keys.ts';
