/**
 * Distinct id types: a `PersonId` cannot stand in for a `RecordKey`.
 *
 * All are lower-case UUID strings. PostgreSQL-made ids are UUIDv7; keys are keyed hashes
 * (HMAC-SHA-256 cut to 128 bits) made only by `platform/keys`.
 */
declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

/** A golden person. Reached from a `RecordKey` through the link view; retired ids resolve for ever. */
export type PersonId = Id<'PersonId'>;
/** One person as one source knows them: HMAC(organisation, source, id type, local id). */
export type RecordKey = Id<'RecordKey'>;
/** One visit or stay as one source knows it. */
export type EncounterKey = Id<'EncounterKey'>;
/** One fact for ever: HMAC(organisation, source, fact name, local id). */
export type FactKey = Id<'FactKey'>;
/** One piece of free text kept in the vault. */
export type TextId = Id<'TextId'>;
export type UserId = Id<'UserId'>;
export type PlanId = Id<'PlanId'>;
export type TaskId = Id<'TaskId'>;
export type CaseId = Id<'CaseId'>;
export type InvitationId = Id<'InvitationId'>;

export const UUID_PATTERN = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
