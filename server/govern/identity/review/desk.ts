/** The review desk: everything people do about identity, as one face for routes and later rooms. */
import type { Lake } from '../../../lake/index.ts';
import type { Platform } from '../../../platform/index.ts';
import { createFamily, type Family } from '../golden/family.ts';
import { createMergedPeople, type MergedPeople } from '../golden/person.ts';
import type { Matcher } from '../matcher.ts';
import { createIdentityActs, type IdentityActs, type Relink } from './acts.ts';
import { createReviewQueue, type ReviewQueue } from './queue.ts';

export interface IdentityDesk {
  readonly queue: ReviewQueue;
  readonly acts: IdentityActs;
  readonly merged: MergedPeople;
  readonly family: Family;
}

export interface DeskDeps {
  readonly platform: Platform;
  readonly lake: Lake;
  readonly relink: Relink;
  /** With the model in force: scores are taken apart as linking made them. */
  readonly matcher: Matcher;
}

export function createIdentityDesk({ platform, lake, relink, matcher }: DeskDeps): IdentityDesk {
  const queue = createReviewQueue({ platform, matcher });
  const family = createFamily(platform);
  return { queue, family, acts: createIdentityActs({ platform, lake, relink }), merged: createMergedPeople({ platform, queue, family }) };
}
