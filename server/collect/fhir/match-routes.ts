/** `POST /fhir/Patient/$match` (FHIR R4 operation): who a described patient is. One Patient per person, graded; never "certain" when the search was cut short. */
import type { MatchOutcome, MatchPort } from '@xinglin/contracts';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../../kernel/index.ts';
import type { Platform, RoutePlugin } from '../../platform/index.ts';
import { refuse } from '../errors.ts';
import { isObject, type JsonObject } from './accept.ts';
import { listOf, numberOf } from './elements.ts';
import { personOf } from './patient.ts';

const JSON_TYPE = 'application/fhir+json';
const BODY_BYTES_MAX = 256 * 1024;
const MATCH_GRADE = 'http://hl7.org/fhir/StructureDefinition/match-grade';
export const PERSON_SYSTEM = 'urn:xinglin:person';
const COUNT_DEFAULT = 10;
const COUNT_MAX = 50;
/** A desk asks a few times a minute; whoever asks more is guessing at people. */
const ASKED_PER_MINUTE = 120;

export function fhirMatchRoutes({ platform, match }: { platform: Platform; match: MatchPort }): RoutePlugin {
  return async (app) => {
    speakFhir(app, platform);
    app.post(
      '/Patient/$match',
      { schema: { tags: ['fhir'] }, bodyLimit: BODY_BYTES_MAX, config: { rateLimit: { max: ASKED_PER_MINUTE, timeWindow: '1 minute' } } },
      async (request, reply) => {
        const viewer = await platform.access.viewer(request, 'patient.identity');
        const { patient, limit, onlyCertain } = parametersOf(request.body);
        const found = await match.match(viewer, personOf(patient, platform.config.orgId), { limit, onlyCertain, ip: request.ip });
        return reply.type(JSON_TYPE).send(bundleOf(found));
      },
    );
  };
}

/** FHIR clients send `application/fhir+json` and read problems as an OperationOutcome. */
function speakFhir(app: FastifyInstance, platform: Platform): void {
  app.addContentTypeParser(JSON_TYPE, { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'));
  app.setErrorHandler((error, request, reply) => {
    const refusal = error instanceof Refusal ? error : (error as { statusCode?: number }).statusCode === 400 ? refuse('fhir-not-json') : null;
    if (refusal === null) {
      platform.log.error('fhir.failed', { id: request.id, error });
      return reply
        .code(500)
        .type(JSON_TYPE)
        .send(outcomeOf('exception', 'error', refuse('fhir-failed')));
    }
    const code = refusal.status === 401 ? 'login' : refusal.status === 403 ? 'forbidden' : refusal.status === 429 ? 'throttled' : 'invalid';
    return reply
      .code(refusal.status)
      .type(JSON_TYPE)
      .send(outcomeOf(code, 'error', refusal));
  });
}

const outcomeOf = (code: string, severity: 'error' | 'warning', { code: own, message, zh }: Refusal): object => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity, code, details: { coding: [{ system: 'urn:xinglin:error', code: own }], text: zh }, diagnostics: message }],
});

function parametersOf(body: unknown): { patient: JsonObject; limit: number; onlyCertain: boolean } {
  if (!isObject(body)) throw refuse('match-patient');
  // R4 wants Parameters; a bare Patient is what many clients send and says the same.
  const parameters = body['resourceType'] === 'Parameters' ? listOf(body['parameter']) : [{ name: 'resource', resource: body }];
  const named = (name: string): JsonObject | undefined => parameters.find((each) => each['name'] === name);
  const patient = named('resource')?.['resource'];
  if (!isObject(patient) || patient['resourceType'] !== 'Patient') throw refuse('match-patient');
  const count = numberOf(named('count')?.['valueInteger']) ?? COUNT_DEFAULT;
  return { patient, limit: Math.min(COUNT_MAX, Math.max(1, Math.floor(count))), onlyCertain: named('onlyCertainMatches')?.['valueBoolean'] === true };
}

function bundleOf({ candidates, isCutShort }: MatchOutcome): object {
  const patients = candidates.map(({ personId, grade, score, person }) => ({
    fullUrl: `urn:uuid:${personId}`,
    resource: {
      resourceType: 'Patient',
      id: personId,
      active: true,
      identifier: [
        { system: PERSON_SYSTEM, value: personId },
        ...(person.residentId === null
          ? []
          : [{ type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'NI' }] }, value: person.residentId }]),
      ],
      name: [{ text: person.name }],
      gender: person.sex,
      ...(person.phone === null ? {} : { telecom: [{ system: 'phone', value: person.phone }] }),
      ...(person.birthMonth === null ? {} : { birthDate: person.birthMonth }),
    },
    search: { mode: 'match', score: Number(score.toFixed(4)), extension: [{ url: MATCH_GRADE, valueCode: grade }] },
  }));
  const cut = { resource: outcomeOf('incomplete', 'warning', refuse('match-cut-short')), search: { mode: 'outcome' } };
  const entry = [...patients, ...(isCutShort ? [cut] : [])];
  return { resourceType: 'Bundle', type: 'searchset', total: patients.length, entry };
}
