import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { catalogue } from './errors.ts';

/** Settings come from `DATA/config.json`, then the environment, then the command line; the last one named wins. */
export const Config = Type.Object({
  dataDir: Type.String({ description: 'XINGLIN_DATA · --data: everything the product stores' }),
  keysDir: Type.String({ description: 'XINGLIN_KEYS: keys live outside the data folder' }),
  host: Type.String({ description: 'XINGLIN_HOST · --host' }),
  port: Type.Integer({ minimum: 0, maximum: 65535, description: 'XINGLIN_PORT · --port; 0 means any free one' }),
  databaseUrl: Type.Union([Type.String(), Type.Null()], { description: 'DATABASE_URL: a given PostgreSQL 14–18 instead of the private one' }),
  logLevel: Type.Enum(['debug', 'info', 'warn', 'error', 'silent'], { description: 'XINGLIN_LOG' }),
  orgId: Type.String({ description: 'XINGLIN_ORG: organisation id' }),
  campusId: Type.String({ description: 'XINGLIN_CAMPUS: campus id used when a source names none' }),
  timeZone: Type.String({ description: 'XINGLIN_TIME_ZONE: zone of the campus' }),
  publicUrl: Type.Union([Type.String(), Type.Null()], { description: 'XINGLIN_PUBLIC_URL: address patients reach, for links' }),
  isDemo: Type.Boolean({ description: 'set by `xinglin start --demo`; sandbox channels, demo accounts, 127.0.0.1' }),
  warehouseMemoryMb: Type.Integer({ minimum: 64, description: 'XINGLIN_WAREHOUSE_MEMORY_MB: DuckDB memory limit' }),
});
export type Config = Static<typeof Config>;

const refuse = catalogue('config', {
  unreadable: {
    status: 500,
    zh: '配置文件 {file} 不是有效的 JSON，请修正后重试。',
    en: 'The settings file {file} is not valid JSON; correct it and try again.',
  },
  invalid: {
    status: 500,
    zh: '配置项 {setting} 的值不合要求（应为：{expected}）。',
    en: 'The setting {setting} has a value that does not fit; it should be: {expected}.',
  },
});

const fromEnvironment = (env: NodeJS.ProcessEnv): Record<string, unknown> => {
  const entries: [keyof Config, string | undefined, 'text' | 'number'][] = [
    ['dataDir', env['XINGLIN_DATA'], 'text'],
    ['keysDir', env['XINGLIN_KEYS'], 'text'],
    ['host', env['XINGLIN_HOST'], 'text'],
    ['port', env['XINGLIN_PORT'], 'number'],
    ['databaseUrl', env['DATABASE_URL'], 'text'],
    ['logLevel', env['XINGLIN_LOG'], 'text'],
    ['orgId', env['XINGLIN_ORG'], 'text'],
    ['campusId', env['XINGLIN_CAMPUS'], 'text'],
    ['timeZone', env['XINGLIN_TIME_ZONE'], 'text'],
    ['publicUrl', env['XINGLIN_PUBLIC_URL'], 'text'],
    ['warehouseMemoryMb', env['XINGLIN_WAREHOUSE_MEMORY_MB'], 'number'],
  ];
  return Object.fromEntries(
    entries.filter(([, v]) => v !== undefined && v !== '').map(([k, v, kind]) => [k, kind === 'number' && /^-?\d+$/.test(v ?? '') ? Number(v) : v]),
  );
};

/** Throws a refusal naming the first setting that does not fit. */
export function loadConfig(given: Partial<Config> = {}, env: NodeJS.ProcessEnv = process.env): Config {
  const named = { ...fromEnvironment(env), ...Object.fromEntries(Object.entries(given).filter(([, v]) => v !== undefined)) } as Partial<Config>;
  const dataDir = resolve(named.dataDir ?? 'data');
  const file = join(dataDir, 'config.json');
  let filed: Partial<Config> = {};
  if (existsSync(file)) {
    try {
      filed = JSON.parse(readFileSync(file, 'utf8')) as Partial<Config>;
    } catch (cause) {
      throw refuse('unreadable', { file }, cause);
    }
  }
  const config = {
    keysDir: join(homedir(), '.config', 'xinglin'),
    host: '127.0.0.1',
    port: 8420,
    databaseUrl: null,
    logLevel: 'info',
    orgId: 'demo',
    campusId: 'main',
    timeZone: 'Asia/Shanghai',
    publicUrl: null,
    isDemo: false,
    warehouseMemoryMb: 256,
    ...filed,
    ...named,
    dataDir,
  };
  const [first] = Value.Errors(Config, config);
  if (first !== undefined) {
    const setting = first.instancePath.slice(1) || first.message;
    const described = (Config.properties as Record<string, { description?: string }>)[setting]?.description ?? first.message;
    throw refuse('invalid', { setting, expected: described });
  }
  return config as Config;
}
