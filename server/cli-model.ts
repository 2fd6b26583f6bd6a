/** `xinglin model`: the models that weigh whether two records are one person. */
import type { ReportFigure } from '@xinglin/contracts/api.ts';
import type { Command } from 'commander';
import type { App } from './app.ts';
import type { ModelAnswers, ModelCommand } from './govern/index.ts';

type AppWork = (app: App, progress: (value: unknown) => void) => Promise<unknown>;
export interface CommandTools {
  readonly say: (zh: string, en: string) => string;
  readonly withData: (command: Command) => Command;
  readonly count: (text: string) => number;
  readonly runOrAsk: (options: { data?: string }, command: string, args: object, work: AppWork) => Promise<unknown>;
}
interface Options {
  readonly data?: string;
  readonly json?: boolean;
}

export function modelCommand(program: Command, { say, withData, count, runOrAsk }: CommandTools): void {
  const run = async <D extends ModelCommand['do']>(options: Options, asked: ModelCommand & { do: D }, print: (answer: ModelAnswers[D]) => string) => {
    // Without a server the command does the work itself, and to the end.
    const inProcess = asked.do === 'use' ? { ...asked, isWaiting: true } : asked;
    const answer = (await runOrAsk(options, 'model', asked, async (app, progress) => {
      const { runModelCommand } = await import('./govern/index.ts');
      return runModelCommand(app.govern.models, app.platform.config.orgId, inProcess, progress);
    })) as ModelAnswers[D];
    process.stdout.write(options.json === true ? `${JSON.stringify(answer)}\n` : `${print(answer)}\n`);
  };
  const model = program.command('model').description('models that weigh whether two records are one person');

  withData(model.command('list').description('editions, which one is in use, which wait for approval'))
    .option('--json', 'print as JSON')
    .action((options: Options) => run(options, { do: 'list' }, printList));

  withData(model.command('train').description('train an edition on the records of this hospital; it is used only after somebody approved it'))
    .option('--sample <n>', 'records opened at most (default 40000)', count)
    .option('--json', 'print as JSON')
    .action((options: Options & { sample?: number }) => run(options, { do: 'train', recordsMax: options.sample }, printTrained));

  withData(model.command('use <edition>').description('show what an approved edition would change; with --yes put it to use'))
    .option('--yes', 'put it to use')
    .option('--json', 'print as JSON')
    .action((edition: string, options: Options & { yes?: boolean }) =>
      run(options, { do: 'use', edition, isSure: options.yes === true, isWaiting: false }, (answer) => printUse(edition, answer)),
    );

  withData(model.command('report').description('how good identity is: false merges, review, records that cannot be linked'))
    .option('--measure', 'measure the model in use first')
    .option('--json', 'print as JSON')
    .action((options: Options & { measure?: boolean }) => run(options, { do: 'report', isMeasured: options.measure === true }, printReport));

  function printList({ rows }: ModelAnswers['list']): string {
    const states = { waiting: say('待批准', 'waiting for approval'), approved: say('已批准', 'approved'), rejected: say('已否决', 'rejected') };
    return rows
      .map((row) => {
        const trained =
          row.createdAt === null
            ? say('产品自带', 'ships with the product')
            : `${row.createdAt.slice(0, 10)}  ${say(`${row.records} 条记录`, `${row.records} records`)}`;
        return `${row.isInUse ? '*' : ' '} ${row.edition.padEnd(14)} ${states[row.state]}  ${trained}`;
      })
      .join('\n');
  }

  function printTrained({ edition, trained }: ModelAnswers['train']): string {
    return say(
      `已训练 ${edition}：${trained?.records} 条记录，比较 ${trained?.pairs} 对。须由有权限的人在“身份模型”页批准后才能启用。`,
      `trained ${edition}: ${trained?.records} records, ${trained?.pairs} pairs compared. It can be used once somebody with the right approves it on the identity model page.`,
    );
  }

  function printUse(edition: string, { preview, isUsed }: ModelAnswers['use']): string {
    const part =
      preview.share < 1
        ? say(`（抽样 ${(preview.share * 100).toFixed(1)}%，已折算）`, ` (from a sample of ${(preview.share * 100).toFixed(1)} %, scaled)`)
        : '';
    const change = say(
      `${preview.against} → ${edition}：新增关联 ${preview.linksGained} 对，取消关联 ${preview.linksLost} 对，不变 ${preview.unchanged} 对${part}。`,
      `${preview.against} → ${edition}: ${preview.linksGained} pairs would be linked, ${preview.linksLost} no longer, ${preview.unchanged} stay as they are${part}.`,
    );
    const held =
      preview.heldByGroups === 0
        ? ''
        : say(
            `另有 ${preview.heldByGroups} 对因整组判断未合并，会重新权衡。`,
            ` ${preview.heldByGroups} more pairs, refused by their groups so far, are weighed again.`,
          );
    const next = isUsed
      ? say('已启用；全部记录会在后台重新判断。', 'It is in use; all records are decided again in the background.')
      : say('没有改动。确认后加 --yes 启用。', 'Nothing was changed. Add --yes to put it to use.');
    return `${change}${held}\n${next}`;
  }

  function printReport({ edition, answer, figures }: ModelAnswers['report']): string {
    const mark = (state: ReportFigure['state']): string => ({ good: '✓', watch: '!', bad: '✗', none: '·', unknown: '?' })[state];
    const lines = figures.map(
      (figure) => `  ${mark(figure.state)} ${say(figure.name.zh, figure.name.en)}\n      ${say(figure.sentence.zh, figure.sentence.en)}`,
    );
    return `${say(answer.zh, answer.en)}  (${edition})\n${lines.join('\n')}`;
  }
}
