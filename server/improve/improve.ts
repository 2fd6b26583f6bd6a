import type { LoopPort, StaffViewer, Viewer } from '@xinglin/contracts';
import type { Engage } from '../engage/index.ts';
import type { Govern } from '../govern/index.ts';
import type { Platform } from '../platform/index.ts';
import { escalateWithTime } from './cases/escalate.ts';
import { hearPatients } from './cases/hear-patients.ts';
import { createNotices } from './cases/notices.ts';
import { workCase } from './cases/work-case.ts';
import { createCaseWorklist } from './cases/worklist.ts';
import { createSurveys, type Surveys } from './surveys/surveys.ts';

export interface ImproveDeps {
  readonly platform: Platform;
  readonly govern: Govern;
  readonly engage: Engage;
  readonly loop: LoopPort;
}

export interface Improve {
  readonly surveys: Surveys;
  readonly cases: ReturnType<typeof createCaseWorklist>;
  readonly notices: ReturnType<typeof createNotices>;
  workCase(viewer: StaffViewer, asked: Parameters<typeof workCase>[2]): Promise<void>;
  /** For the overview: cases of the viewer's departments that are not closed. */
  openCases(viewer: Viewer): Promise<{ total: number; overdue: number }>;
}

export function createImprove(deps: ImproveDeps): Improve {
  const surveys = createSurveys(deps);
  const cases = createCaseWorklist(deps);
  hearPatients({ ...deps, surveys });
  escalateWithTime(deps);
  return {
    surveys,
    cases,
    notices: createNotices(deps.platform),
    workCase: (viewer, asked) => workCase({ ...deps, surveys }, viewer, asked),
    openCases: cases.counts,
  };
}
