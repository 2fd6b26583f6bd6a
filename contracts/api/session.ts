import { type Static, Type } from 'typebox';
import { ROLES } from '../viewer.ts';
import { Nullable } from './common.ts';

// POST /api/v1/session (sign in) · GET /api/v1/session (who am I; 401 when signed out) · DELETE /api/v1/session
export const SignIn = Type.Object({ username: Type.String({ minLength: 1, maxLength: 64 }), password: Type.String({ minLength: 1, maxLength: 200 }) });
export type SignIn = Static<typeof SignIn>;

export const Session = Type.Object({
  userId: Type.String(),
  username: Type.String(),
  displayName: Type.String(),
  role: Type.Enum([...ROLES]),
  departments: Nullable(Type.Array(Type.Object({ code: Type.String(), nameZh: Type.String(), nameEn: Nullable(Type.String()) }))),
  hospital: Type.Object({ nameZh: Type.String(), nameEn: Type.String() }),
  isDemo: Type.Boolean(),
  permissions: Type.Array(Type.String()),
  mustChangePassword: Type.Boolean(),
});
export type Session = Static<typeof Session>;
// POST /api/v1/session/password {current, next}
export const PasswordChange = Type.Object({ current: Type.String(), next: Type.String({ minLength: 10, maxLength: 200 }) });
