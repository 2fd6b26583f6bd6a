import type { Collect } from '../collect/index.ts';
import type { Lake } from '../lake/index.ts';
import type { Platform } from '../platform/index.ts';
import { publishRelations } from './catalog/publish.ts';
import { createConsents } from './consent/consents.ts';
import { generalModel } from './identity/linkage/index.ts';
import { createMatcher } from './identity/matcher.ts';
import { createPeople } from './identity/people.ts';
import { identityEngine } from './identity/resolve.ts';
import { createPipeline } from './pipeline/pipeline.ts';
import { createContacts, createPatientDirectory } from './privacy/contacts.ts';
import { createSourceFigures } from './quality/figures.ts';
import { createDimensions } from './terminology/dimensions.ts';
import type { Govern } from './types.ts';

/** Nothing runs until `pipeline.start()` or `pipeline.drain()`. */
export async function createGovern({ platform, lake, collect }: { platform: Platform; lake: Lake; collect: Collect }): Promise<Govern> {
  publishRelations(lake, platform.db);
  const matcher = await createMatcher(platform, generalModel);
  return {
    people: createPeople(platform),
    dimensions: createDimensions(platform, lake),
    consents: createConsents(platform),
    contacts: createContacts(platform),
    patientDirectory: createPatientDirectory(platform),
    pipeline: await createPipeline({ platform, lake, collect, engine: identityEngine, matcher }),
    ...createSourceFigures(platform.db),
  };
}
