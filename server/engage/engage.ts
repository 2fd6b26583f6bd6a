import type { LoopPort, Viewer } from '@xinglin/contracts';
import type { Govern } from '../govern/index.ts';
import type { Platform } from '../platform/index.ts';
import { createPatientConsents } from './consents/patient-consents.ts';
import { createPatientInbox } from './messages/inbox.ts';
import { createMessages, type Messages } from './messages/messages.ts';
import { ENGAGE_TEMPLATES } from './messages/templates.ts';
import { followDischarges } from './plans/follow-discharges.ts';
import { createStatements, type Statements } from './statements/statements.ts';
import { recordOutcome } from './tasks/record-outcome.ts';
import { moveTasksWithTime } from './tasks/task-due.ts';
import { createWorklist, type Worklist } from './tasks/worklist.ts';

export interface EngageDeps {
  readonly platform: Platform;
  readonly govern: Govern;
  readonly loop: LoopPort;
}

export interface Engage {
  readonly messages: Messages;
  readonly statements: Statements;
  readonly worklist: Worklist;
  readonly inbox: ReturnType<typeof createPatientInbox>;
  readonly consents: ReturnType<typeof createPatientConsents>;
  recordOutcome(viewer: Parameters<typeof recordOutcome>[1], given: Parameters<typeof recordOutcome>[2]): Promise<void>;
  /** For the overview: follow-ups due now in the viewer's departments. */
  dueFollowUps(viewer: Viewer): Promise<{ total: number; overdue: number }>;
}

/** Sets up channels, words, plans and tasks on the platform given; what waited from before leaves at once. */
export function createEngage({ platform, govern, loop }: EngageDeps): Engage {
  const statements = createStatements(platform, loop);
  const messages = createMessages({ platform, govern, statements });
  messages.addTemplates(ENGAGE_TEMPLATES);
  followDischarges({ platform, messages, statements });
  moveTasksWithTime({ platform, govern, messages, statements });
  void statements.flush();
  const worklist = createWorklist({ platform, govern });
  return {
    messages,
    statements,
    worklist,
    inbox: createPatientInbox({ platform, govern, messages, statements }),
    consents: createPatientConsents({ platform, govern, messages, loop }),
    recordOutcome: (viewer, given) => recordOutcome({ platform, statements }, viewer, given),
    dueFollowUps: worklist.counts,
  };
}
