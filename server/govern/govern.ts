import type { Collect } from '../collect/index.ts';
import type { Lake } from '../lake/index.ts';
import type { Platform } from '../platform/index.ts';
import { publishRelations } from './catalog/publish.ts';
import { createConsents } from './consent/consents.ts';
import { createMatchPort } from './identity/find-person.ts';
import { linkRecords } from './identity/link-records.ts';
import { createMatcher } from './identity/matcher.ts';
import { createIdentityModels, modelInUse } from './identity/models/index.ts';
import { createPeople } from './identity/people.ts';
import { identityEngine } from './identity/resolve.ts';
import type { Relink } from './identity/review/acts.ts';
import { createIdentityDesk } from './identity/review/desk.ts';
import { createPipeline } from './pipeline/pipeline.ts';
import { createContacts, createPatientDirectory } from './privacy/contacts.ts';
import { createSourceFigures } from './quality/figures.ts';
import { createDimensions } from './terminology/dimensions.ts';
import type { Govern } from './types.ts';

/** Nothing runs until `pipeline.start()` or `pipeline.drain()`. */
export async function createGovern({ platform, lake, collect }: { platform: Platform; lake: Lake; collect: Collect }): Promise<Govern> {
  publishRelations(lake, platform.db);
  const matcher = await createMatcher(platform, await modelInUse(platform.db, platform.keys));
  const relink: Relink = (tx, records, turn) =>
    linkRecords(
      tx,
      { records: new Set(records), identifiers: [] },
      { engine: identityEngine, matcher, orgId: platform.config.orgId, turn, now: platform.clock.now() },
    );
  const people = createPeople(platform);
  const pipeline = await createPipeline({ platform, lake, collect, engine: identityEngine, matcher });
  return {
    people,
    match: createMatchPort({ platform, matcher, people }),
    dimensions: createDimensions(platform, lake),
    consents: createConsents(platform),
    identity: createIdentityDesk({ platform, lake, relink, matcher }),
    models: await createIdentityModels({ platform, setModel: (model) => matcher.setModel(model), relink: () => pipeline.relink() }),
    contacts: createContacts(platform),
    patientDirectory: createPatientDirectory(platform),
    pipeline,
    ...createSourceFigures(platform.db),
  };
}
