import { hash, verify } from '@node-rs/argon2';

/** argon2id, 19 MiB, two passes: OWASP's minimum, 30 ms on our machine. */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const PASSWORD_LENGTH_MIN = 10;
export const PASSWORD_HISTORY = 5;

export const hashPassword = (password: string): Promise<string> => hash(password, ARGON2ID);

/** Malformed hashes count as "no". */
export async function isPassword(stored: string, password: string): Promise<boolean> {
  try {
    return await verify(stored, password);
  } catch {
    return false;
  }
}

/** Takes as long as a real check, so that unknown user names answer no faster. */
export const pretendToVerify = async (password: string): Promise<void> => {
  unknownUser ??= hashPassword('nobody has this password');
  await isPassword(await unknownUser, password);
};
let unknownUser: Promise<string> | null = null;

const COMMON = ['password', 'passw0rd', 'qwerty', 'abc123', '123456', '111111', 'iloveyou', 'woaini', 'admin', 'welcome', 'hospital', 'xinglin'];

/** DOMAIN D3: at least ten characters, three of four kinds, not a common one, not the user name. */
export function isStrongPassword(password: string, username: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password)).length;
  const plain = password.toLowerCase();
  const isCommon = COMMON.some((word) => plain.replace(/[^a-z0-9]/g, '').startsWith(word) && plain.length < word.length + 6);
  return password.length >= PASSWORD_LENGTH_MIN && kinds >= 3 && !isCommon && !plain.includes(username.toLowerCase());
}
