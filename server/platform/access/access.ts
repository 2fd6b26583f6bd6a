import { mayRole, PERMISSIONS, type Permission, type Purpose, type Role, type StaffViewer } from '@xinglin/contracts';
import type { FastifyRequest } from 'fastify';
import type { Access, Audit, Db } from '../types.ts';
import type { Account } from './accounts.ts';
import { refuse } from './errors.ts';
import { scope } from './scope.ts';
import { accountOfSession, recordOfPatientSession } from './sessions.ts';

export const STAFF_COOKIE = 'xinglin_session';
export const PATIENT_COOKIE = 'xinglin_patient';

/** Govern's answer to "whose is this"; joined in app.ts, because access may not reach into a later room. */
export interface PatientDirectory {
  byPhone(phone: string): Promise<string | null>;
  personOf(recordKey: string): Promise<string | null>;
}

/** What a role reads patients for; PIPL asks that every read has a purpose. */
const PURPOSE_OF_ROLE: Readonly<Record<Role, Purpose>> = {
  analyst: 'operations',
  operations: 'followup',
  nurse: 'followup',
  'department-head': 'care',
  president: 'operations',
  information: 'administration',
  'security-admin': 'administration',
  'audit-admin': 'administration',
};

export const viewerOf = (account: Account): StaffViewer => ({
  kind: 'staff',
  userId: account.user_id,
  role: account.role,
  orgId: account.org_id,
  departments: account.departments ?? 'all',
  purpose: PURPOSE_OF_ROLE[account.role],
});

export interface AccessParts extends Access {
  account(request: FastifyRequest): Promise<Account>;
  setPatientDirectory(directory: PatientDirectory): void;
  directory(): PatientDirectory;
}

export function createAccess(db: Db, audit: Audit): AccessParts {
  let patients: PatientDirectory = { byPhone: async () => null, personOf: async () => null };

  const account = async (request: FastifyRequest): Promise<Account> => {
    const token = request.cookies[STAFF_COOKIE];
    const found = token === undefined ? null : await accountOfSession(db, token);
    if (found === null) throw refuse('signed-out');
    return found;
  };

  return {
    account,
    setPatientDirectory(directory) {
      patients = directory;
    },
    directory: () => patients,
    async viewer(request, permission) {
      const found = await account(request);
      const viewer = viewerOf(found);
      if (found.must_change_password) throw refuse('change-password-first');
      if (!mayRole(found.role, permission)) {
        await audit.record({ viewer, action: permission, relation: null, subject: null, outcome: 'refused', ip: request.ip });
        throw refuse('not-allowed', { permission });
      }
      return viewer;
    },
    async patient(request) {
      const token = request.cookies[PATIENT_COOKIE];
      const recordKey = token === undefined ? null : await recordOfPatientSession(db, token);
      const personId = recordKey === null ? null : await patients.personOf(recordKey);
      if (personId === null) throw refuse('signed-out');
      return { kind: 'patient', personId, orgId: await orgOf(db), purpose: 'care' };
    },
    scope,
    may: (viewer, permission) => viewer.kind === 'system' || (viewer.kind === 'staff' && mayRole(viewer.role, permission)),
    async staff(filter = {}) {
      const roles = filter.permission === undefined ? null : rolesWith(filter.permission);
      const rows = await db.query<Account>(
        `select * from platform.user_account
         where status = 'active' and ($1::text[] is null or role = any($1)) and ($2::text is null or departments is null or $2 = any(departments))
         order by username`,
        [roles, filter.department ?? null],
      );
      return rows.map((row) => ({ userId: row.user_id, displayName: row.display_name, role: row.role, departments: row.departments ?? ('all' as const) }));
    },
  };
}

const rolesWith = (permission: Permission): Role[] => [...(PERMISSIONS[permission] as readonly Role[])];

/** One organisation per installation so far; hospital groups (T8) will ask the record. */
const orgOf = async (db: Db): Promise<string> => (await db.one<{ value: string }>(`select value from platform.setting where name = 'org.id'`)).value;
