/** `xinglin model …`: what the command asks, done in the server that runs or in the command's own process. Plain values in and out. */
import type { IdentityReport, ModelList, ModelPreview, ModelTask } from '@xinglin/contracts/api.ts';
import { Refusal } from '../../../kernel/index.ts';
import { type Actor, commandActor, type IdentityModels, type TaskAsk } from './models.ts';

export type ModelCommand =
  | { readonly do: 'list' }
  | { readonly do: 'train'; readonly recordsMax?: number | undefined }
  | { readonly do: 'report'; readonly isMeasured: boolean }
  /** Without `isSure` only looks ahead. `isWaiting`: resolves when everyone was compared again. */
  | { readonly do: 'use'; readonly edition: string; readonly isSure: boolean; readonly isWaiting: boolean };

export interface ModelAnswers {
  readonly list: ModelList;
  readonly train: ModelTask;
  readonly report: IdentityReport;
  readonly use: { readonly preview: ModelPreview; readonly isUsed: boolean };
}

export async function runModelCommand(
  models: IdentityModels,
  orgId: string,
  command: ModelCommand,
  progress: (value: unknown) => void,
): Promise<ModelAnswers[keyof ModelAnswers]> {
  const actor = commandActor(orgId);
  const done = async (ask: TaskAsk): Promise<ModelTask> => succeeded(await models.run(actor, ask, ({ done: at, total }) => progress({ done: at, all: total })));
  switch (command.do) {
    case 'list':
      return models.list(actor);
    case 'train':
      return done({ kind: 'train', recordsMax: command.recordsMax });
    case 'report': {
      if (command.isMeasured) await done({ kind: 'measure', edition: (await models.list(actor)).inUse });
      return models.report(actor);
    }
    case 'use':
      return use(models, actor, command, done);
  }
}

async function use(
  models: IdentityModels,
  actor: Actor,
  { edition, isSure, isWaiting }: Extract<ModelCommand, { do: 'use' }>,
  done: (ask: TaskAsk) => Promise<ModelTask>,
): Promise<ModelAnswers['use']> {
  const task = await done({ kind: 'preview', edition });
  if (isSure) {
    const { settled } = await models.use(actor, edition, task.taskId);
    if (isWaiting) await settled;
  }
  return { preview: task.preview as ModelPreview, isUsed: isSure }; // a preview that went well has one
}

/** A task that failed says so as the refusal it was. */
function succeeded(task: ModelTask): ModelTask {
  if (task.state === 'done') return task;
  const { zh, en } = task.failure ?? { zh: '', en: '' };
  throw new Refusal('model.failed', { status: 500, zh, en });
}
