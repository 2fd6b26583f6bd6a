import type { ModelTask } from '@xinglin/contracts/api.ts';
import { count } from '@xinglin/web-shared/format.ts';
import { pick } from '@xinglin/web-shared/language.ts';
import { Progress } from 'antd';
import { useWords } from '../../i18n.ts';

/** Tasks older than this say nothing any more; the versions show what came of them. */
const TOLD_FOR_MS = 600_000;
const PHASES = ['drawing', 'opening', 'singles', 'comparing', 'learning', 'measuring'] as const;

export const isOpen = (task: ModelTask | undefined): boolean => task?.state === 'waiting' || task?.state === 'running';

/** How far the newest task is, or what came of it. */
export function TaskNotice({ task, now }: { task: ModelTask | undefined; now: number }) {
  const { t, language } = useWords();
  if (task === undefined) return null;
  const name = t(`identityModel.task.${task.kind}`, { edition: task.edition ?? '' });
  if (isOpen(task)) {
    const phase = PHASES.find((each) => each === task.phase) ?? 'drawing';
    return (
      <div className="card task-notice" role="status">
        <span>{t('identityModel.taskRunning', { task: name, phase: t(`identityModel.phase.${phase}`) })}</span>
        <Progress
          size="small"
          percent={Math.min(99, Math.round((task.done / Math.max(1, task.total)) * 100))}
          aria-label={name}
          showInfo={task.total > 1}
          status="active"
        />
      </div>
    );
  }
  if (task.endedAt === null || now - Date.parse(task.endedAt) > TOLD_FOR_MS) return null;
  if (task.state === 'failed')
    return (
      <p className="line-notice bad" role="status">
        {t('identityModel.taskFailed', { task: name, reason: task.failure === null ? '' : pick(task.failure, language) })}
      </p>
    );
  return (
    <p className="line-notice good" role="status">
      {task.trained === null
        ? t('identityModel.taskDone', { task: name })
        : t('identityModel.trainedDone', {
            edition: task.edition ?? '',
            records: count(task.trained.records, language),
            pairs: count(task.trained.pairs, language),
          })}
    </p>
  );
}
