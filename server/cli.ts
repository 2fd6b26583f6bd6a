/** The `xinglin` command. Results go to standard output, progress and errors to standard error; bad input is one clear line and a non-zero exit. */
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { IngestReport } from '@xinglin/contracts';
import { Command, InvalidArgumentError } from 'commander';
import { modelCommand } from './cli-model.ts';
import { askServer } from './control.ts';
import { loadConfig, VERSION, wallNow } from './kernel/index.ts';

const isChinese = /^zh/i.test(process.env['XINGLIN_LANG'] ?? process.env['LC_ALL'] ?? process.env['LANG'] ?? '');
const say = (zh: string, en: string): string => (isChinese ? zh : en);

export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('xinglin').description('杏林 – patient-data and brand-operations system for hospitals').version(VERSION).showHelpAfterError();
  startCommand(program);
  initCommand(program);
  ingestCommand(program);
  rebuildCommand(program);
  auditCommand(program);
  linkCommand(program);
  modelCommand(program, { say, withData, count, runOrAsk });
  schemaCommand(program);
  referenceCommand(program);
  simulateCommand(program);
  try {
    await program.parseAsync(argv as string[]);
  } catch (error) {
    process.stderr.write(`xinglin: ${oneLine(error)}\n`);
    process.exitCode = 1;
  }
}

/** A refusal says its sentence; anything else names its kind only, because engines quote data in their messages. */
function oneLine(error: unknown): string {
  const known = error as { name?: string; message?: string; zh?: string; code?: string };
  if (known.name === 'Refusal') return say(known.zh ?? '', known.message ?? '');
  if (process.env['XINGLIN_DEBUG'] !== undefined) return String((error as Error).stack ?? error);
  return say(
    `内部错误（${known.code ?? known.name ?? '未知'}）；设置 XINGLIN_DEBUG=1 可查看详情。`,
    `internal failure (${known.code ?? known.name ?? 'unknown'}); set XINGLIN_DEBUG=1 for details.`,
  );
}

const port = (text: string): number => {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError(say('端口应为 0–65535 的整数。', 'A port is a whole number from 0 to 65535.'));
  return Number(text);
};
const count = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError(say('应为正整数。', 'It should be a whole number above 0.'));
  return Number(text);
};
const withData = (command: Command): Command => command.option('--data <dir>', 'data folder (default: ./data, or XINGLIN_DATA)');

function startCommand(program: Command): void {
  withData(program.command('start').description('start the server; --demo loads a demo hospital'))
    .option('--demo', 'demo hospital with demo accounts and sandbox channels')
    .option('--port <port>', 'port to listen on; 0 takes any free one (default 8420)', port)
    .option('--host <host>', 'address to listen on (default 127.0.0.1)')
    .option('--patients <n>', 'size of the demo hospital', count)
    .option('--months <n>', 'history of the demo hospital', count)
    .action(async (options: { data?: string; demo?: boolean; port?: number; host?: string; patients?: number; months?: number }) => {
      const config = loadConfig({
        ...dataOf(options),
        ...(options.port === undefined ? {} : { port: options.port }),
        ...(options.host === undefined ? {} : { host: options.host }),
        ...(options.demo === true ? { isDemo: true } : {}),
      });
      // Asked to stop while still starting, it starts, then stops in order.
      const stopped = untilStopped();
      const { serve } = await import('./serve.ts');
      const serving = await serve(config, options);
      if (config.isDemo) await printDemo(serving.url);
      else process.stdout.write(`杏林 Xinglin ${VERSION}  ${serving.url}\n`);
      await stopped;
      await serving.stop();
    });
}

async function printDemo(url: string): Promise<void> {
  const { DEMO_ACCOUNTS } = await import('./demo.ts');
  const lines = DEMO_ACCOUNTS.map(({ username, password, displayName }) => `    ${username.padEnd(12)} ${password}   ${displayName}`);
  process.stdout.write(
    `\n  杏林 Xinglin ${VERSION}\n\n  ${url}\n\n  演示账号 demo accounts (user, password):\n${lines.join('\n')}\n\n  ${say('最近三个月的数据先到，其余在后台继续载入。按 Ctrl-C 停止。', 'The last three months come first, the rest loads behind. Ctrl-C stops.')}\n\n`,
  );
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends at once. */
const untilStopped = (): Promise<void> =>
  new Promise((done) => {
    let hasStopped = false;
    const stop = () => {
      if (hasStopped) process.exit(130);
      hasStopped = true;
      done();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });

function initCommand(program: Command): void {
  withData(program.command('init').description('make a real hospital: an empty data folder and its three administrators'))
    .requiredOption('--org <id>', 'organisation id, e.g. hz1')
    .requiredOption('--name <name>', 'hospital name in Chinese')
    .option('--name-en <name>', 'hospital name in English')
    .action(async (options: { data?: string; org: string; name: string; nameEn?: string }) => {
      const { initHospital } = await import('./init.ts');
      const accounts = await initHospital(loadConfig({ ...dataOf(options), orgId: options.org }), {
        nameZh: options.name,
        nameEn: options.nameEn ?? options.name,
      });
      process.stdout.write(
        `${say('已建好。以下初始密码只显示这一次，首次登录须修改：', 'Done. These first passwords are shown once and must be changed at the first sign-in:')}\n`,
      );
      for (const { username, password, role } of accounts) process.stdout.write(`  ${username.padEnd(14)} ${password}  ${role}\n`);
    });
}

function ingestCommand(program: Command): void {
  withData(program.command('ingest <paths...>').description('take in HL7 v2, FHIR (bundles, NDJSON), CSV and XLSX files or folders'))
    .option('--source <name>', 'registered source the files come from')
    .option('--mapping <file>', 'column mapping for tables: a file or the id of a saved one')
    .option('--json', 'print the report as JSON')
    .action(async (paths: string[], options: { data?: string; source?: string; mapping?: string; json?: boolean }) => {
      const args = {
        paths: paths.map((path) => resolve(path)),
        source: options.source ?? null,
        // A file is named from where the command stands; anything else is the id of a saved mapping.
        mapping: options.mapping === undefined ? null : existsSync(options.mapping) ? resolve(options.mapping) : options.mapping,
      };
      const report = (await runOrAsk(options, 'ingest', args, async (app, progress) => {
        const done = await app.collect.ingest({ ...args, by: 'cli', onProgress: progress });
        await app.govern.pipeline.drain((left) => progress({ left }));
        return done;
      })) as IngestReport;
      process.stdout.write(options.json === true ? `${JSON.stringify(report)}\n` : readable(report));
      if (report.accepted === 0 && report.duplicate === 0 && report.rejected > 0) process.exitCode = 1;
    });
}

function readable(report: IngestReport): string {
  const lines = report.rejections.map((each) => `  ${each.file}${each.line === null ? '' : `:${each.line}`}  ${say(each.reasonZh, each.reason)}`);
  return `${say(`接收 ${report.accepted}，重复 ${report.duplicate}，拒收 ${report.rejected}`, `accepted ${report.accepted}, duplicate ${report.duplicate}, rejected ${report.rejected}`)}\n${lines.length > 0 ? `${lines.join('\n')}\n` : ''}`;
}

function rebuildCommand(program: Command): void {
  withData(program.command('rebuild').description('throw facts and rule-made links away and make them again from the raw zone'))
    .option('--json', 'print the result as JSON')
    .action(async (options: { data?: string; json?: boolean }) => {
      const done = (await runOrAsk(options, 'rebuild', {}, (app, progress) =>
        app.govern.pipeline.rebuild((finished, all) => progress({ done: finished, all })),
      )) as { records: number; facts: number };
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify(done)}\n`
          : `${say(`已由 ${done.records} 条原始记录重建 ${done.facts} 条事实`, `rebuilt ${done.facts} facts from ${done.records} raw records`)}\n`,
      );
    });
}

function auditCommand(program: Command): void {
  const audit = program.command('audit').description('the audit log');
  withData(audit.command('verify').description('check that no audit entry was changed, removed or added out of turn'))
    .option('--json', 'print the result as JSON')
    .action(async (options: { data?: string; json?: boolean }) => {
      const found = (await runOrAsk(options, 'audit-verify', {}, (app) => app.platform.audit.verify())) as {
        isIntact: boolean;
        checked: number;
        firstBroken: number | null;
      };
      const sentence = found.isIntact
        ? say(`审计链完整，共 ${found.checked} 条`, `the audit chain is intact: ${found.checked} entries`)
        : say(`审计链在第 ${found.firstBroken} 条处断裂`, `the audit chain is broken at entry ${found.firstBroken}`);
      process.stdout.write(options.json === true ? `${JSON.stringify(found)}\n` : `${sentence}\n`);
      if (!found.isIntact) process.exitCode = 1;
    });
}

function linkCommand(program: Command): void {
  program
    .command('link <files...>')
    .description('find which records of CSV or Parquet files are one person; needs no server')
    .requiredOption('--out <file>', 'CSV: record_id, cluster_id, probability')
    .option('--pairs <file>', 'CSV of the matched pairs')
    .option('--config <file>', 'JSON: columns by role, threshold')
    .option('--threshold <p>', 'probability from which two records are one person (default 0.5)', Number)
    .option('--json', 'print the summary as JSON')
    .action(async (files: string[], options: { out: string; pairs?: string; config?: string; threshold?: number; json?: boolean }) => {
      const { linkFiles } = await import('./govern/index.ts');
      const { out, pairs, config, threshold } = options;
      const done = await linkFiles({ files, out, pairs, config, threshold, today: wallNow() });
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify(done)}\n`
          : `${say(`${done.records} 条记录归为 ${done.people} 人，用时 ${done.seconds.toFixed(1)} 秒`, `${done.records} records are ${done.people} people (${done.seconds.toFixed(1)} s)`)}\n`,
      );
    });
}

function schemaCommand(program: Command): void {
  program
    .command('schema')
    .description('print the whole operational schema (for schema.sql)')
    .option('--out <file>', 'write to a file')
    .action(async (options: { out?: string }) => {
      const { dumpFreshSchema } = await import('./platform/index.ts');
      const text = await dumpFreshSchema();
      if (options.out === undefined) process.stdout.write(text);
      else writeFileSync(options.out, text);
    });
}

function referenceCommand(program: Command): void {
  program
    .command('reference', { hidden: true })
    .description('write the pages of docs/reference that are made from the code')
    .requiredOption('--out <dir>', 'folder')
    .action(async (options: { out: string }) => {
      const { referencePages } = await import('./reference.ts');
      for (const [name, text] of Object.entries(referencePages())) writeFileSync(resolve(options.out, name), text);
    });
}

function simulateCommand(program: Command): void {
  program
    .command('simulate')
    .description('make a hospital and its city with known truth: --patients N --months M --seed S --end DATE (--out DIR | --to URL)')
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(async (_options: unknown, command: Command) => {
      const { runSimulate } = await import('../simulator/index.ts');
      await runSimulate(command.args);
    });
}

type AppWork = (app: import('./app.ts').App, progress: (value: unknown) => void) => Promise<unknown>;

/** Asks the server that runs on this data folder; without one, opens the folder for the time of the command. */
async function runOrAsk(options: { data?: string }, command: string, args: object, work: AppWork): Promise<unknown> {
  const config = loadConfig({ ...dataOf(options), logLevel: 'silent' });
  const progress = progressLine();
  const answer = await askServer(config.dataDir, command, args, progress.show);
  if (answer !== null) {
    progress.clear();
    return answer.result;
  }
  const { buildApp } = await import('./app.ts');
  const { readDataFolder } = await import('./platform/index.ts');
  // A command follows the folder it is pointed at; only `start` and `init` say what it must be.
  const app = await buildApp({ config: { ...config, isDemo: readDataFolder(config.dataDir)?.isDemo ?? config.isDemo } });
  try {
    return await work(app, progress.show);
  } finally {
    progress.clear();
    await app.stop();
  }
}

/** One line rewritten in place on a terminal; nothing when piped. */
function progressLine(): { show: (value: unknown) => void; clear: () => void } {
  const isTerminal = process.stderr.isTTY === true;
  return {
    show(value) {
      if (!isTerminal) return;
      const { file, accepted, left, done, all } = value as Record<string, string | number | undefined>;
      const text = file !== undefined ? `${file}  ${accepted}` : left !== undefined ? say(`待治理 ${left}`, `${left} waiting`) : `${done ?? ''}/${all ?? ''}`;
      process.stderr.write(`\r\x1b[K${text}`);
    },
    clear() {
      if (isTerminal) process.stderr.write('\r\x1b[K');
    },
  };
}

const dataOf = (options: { data?: string }): { dataDir?: string } => (options.data === undefined ? {} : { dataDir: options.data });
