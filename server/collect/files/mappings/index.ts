/** The mappings the product ships, recognised by their header. An edition that was released stays here for ever. */
import * as voice from '../../voice/mappings.ts';
import * as platforms from '../../voice/platform-mappings.ts';
import { type Mapping, mappingName } from '../mapping.ts';
import * as clinical from './clinical.ts';
import * as history from './history.ts';
import * as visits from './visits.ts';

export const SHIPPED: readonly Mapping[] = [
  ...Object.values(visits),
  ...Object.values(clinical),
  ...Object.values(voice),
  ...Object.values(platforms),
  ...Object.values(history),
];
export const shippedByName: ReadonlyMap<string, Mapping> = new Map(SHIPPED.map((each) => [mappingName(each), each]));
