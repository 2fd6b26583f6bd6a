/** Who reads, in which role and for what. Every read of people or facts takes one. */
export const ROLES = ['analyst', 'operations', 'nurse', 'department-head', 'president', 'information', 'security-admin', 'audit-admin'] as const;
export type Role = (typeof ROLES)[number];

/** Purposes of PIPL consent (DOMAIN D1). `care` rests on contract and law, the others on consent. */
export const PURPOSES = [
  'care',
  'followup',
  'satisfaction',
  'health-education',
  'marketing',
  'research-identified',
  'research-deidentified',
  'device-data',
  'family-access',
  'operations',
  'administration',
] as const;
export type Purpose = (typeof PURPOSES)[number];

export interface StaffViewer {
  readonly kind: 'staff';
  readonly userId: string;
  readonly role: Role;
  readonly orgId: string;
  /** Departments the viewer may see; `'all'` for hospital-wide roles. */
  readonly departments: readonly string[] | 'all';
  readonly purpose: Purpose;
}

/** A patient sees only the records of the one person (or the single thing) the signed link or code was for. */
export interface PatientViewer {
  readonly kind: 'patient';
  readonly personId: string;
  readonly orgId: string;
  readonly purpose: 'care';
}

/** The product itself at work: pipelines, due items, indices. Never built from a request. */
export interface SystemViewer {
  readonly kind: 'system';
  readonly room: string;
  readonly orgId: string;
  readonly purpose: Purpose;
}

export type Viewer = StaffViewer | PatientViewer | SystemViewer;

/** What a role may do. Pages use the same table to say why an action is unavailable. */
export const PERMISSIONS = {
  'overview.read': ['analyst', 'operations', 'nurse', 'department-head', 'president', 'information'],
  'metric.read': ['analyst', 'operations', 'department-head', 'president'],
  'metric.rows': ['analyst', 'operations', 'department-head'],
  'patient.list': ['analyst', 'operations', 'nurse', 'department-head'],
  'patient.read': ['operations', 'nurse', 'department-head'],
  'patient.identity': ['operations', 'nurse'],
  'source.read': ['analyst', 'operations', 'information'],
  'source.upload': ['information', 'analyst'],
  'dimension.write': ['information'],
  'followup.read': ['nurse', 'operations', 'department-head'],
  'followup.write': ['nurse', 'operations'],
  'case.read': ['operations', 'nurse', 'department-head', 'president'],
  'case.write': ['operations', 'nurse', 'department-head'],
  'consent.read': ['operations', 'nurse', 'information'],
  'consent.write': ['operations', 'nurse'],
  'audit.read': ['audit-admin'],
  'user.write': ['security-admin'],
  'identity.read': ['information', 'operations', 'nurse', 'department-head'],
  'identity.review': ['information', 'operations'],
  'model.read': ['analyst', 'operations', 'information'],
  'model.train': ['analyst', 'information'],
  'model.approve': ['operations', 'information'],
} as const satisfies Record<string, readonly Role[]>;
export type Permission = keyof typeof PERMISSIONS;

export const mayRole = (role: Role, permission: Permission): boolean => (PERMISSIONS[permission] as readonly Role[]).includes(role);
