/** What people call one another: 小明, 阿明, 老王, 明明, 明哥, 明妈. A hint, never proof: it joins nobody without a number. */
const BEFORE = /^[小阿老大]/u;
const AFTER = /[哥姐弟妹爸妈宝呀子儿爷奶叔姨总]$/u;
/** Given names may end in these, so they are taken for an ending only after a doubled or single character. */
const DOUBLED = /^(.)\1(.?)$/u;

/** The one character of a name a nickname is made from, or null when it is not made like one. */
function kernelOf(nickname: string): string | null {
  const doubled = DOUBLED.exec(nickname);
  if (doubled !== null && (doubled[2] === '' || AFTER.test(nickname))) return doubled[1] ?? null;
  const characters = [...nickname];
  if (characters.length === 2 && BEFORE.test(nickname)) return characters[1] ?? null;
  if (characters.length === 3 && BEFORE.test(nickname) && AFTER.test(nickname)) return characters[1] ?? null;
  if (characters.length === 2 && AFTER.test(nickname)) return characters[0] ?? null;
  return null;
}

/** Whether `nickname` is made from a character of `name` (小明 of 王志明, 老王 of 王志明). Both folded. */
export function isNicknameOf(nickname: string, name: string): boolean {
  const kernel = kernelOf(nickname);
  return kernel !== null && name !== nickname && [...name].includes(kernel);
}
