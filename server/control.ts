import { chmodSync, existsSync, openSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';

/**
 * How a command beside a running server finds it: a unix socket in the data folder, open to the folder's owner only.
 * A request is one JSON line; the answer is NDJSON: `{progress: …}` lines, then `{result: …}` or `{refusal: {code, en, zh}}`.
 */
export const CONTROL_SOCKET = 'control.sock';
/** sockaddr_un holds 108 bytes; longer folders are reached through an open handle on the folder. */
const SOCKET_PATH_MAX = 100;

export type ControlHandler = (args: Record<string, unknown>, progress: (value: unknown) => void) => Promise<unknown>;

export function socketPath(dataDir: string): string {
  const path = join(dataDir, CONTROL_SOCKET);
  if (process.platform !== 'linux' || Buffer.byteLength(path) <= SOCKET_PATH_MAX) return path;
  return join(`/proc/self/fd/${openSync(dataDir, 'r')}`, CONTROL_SOCKET);
}

/** Call only while holding the data folder's lock: a socket found there is then a dead server's. */
export async function listenForControl(dataDir: string, handlers: Readonly<Record<string, ControlHandler>>): Promise<Server> {
  const path = socketPath(dataDir);
  rmSync(join(dataDir, CONTROL_SOCKET), { force: true });
  const server = createServer((incoming, outgoing) => void answer(handlers, incoming, outgoing));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
  chmodSync(path, 0o600);
  return server;
}

async function answer(handlers: Readonly<Record<string, ControlHandler>>, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const line = (value: unknown) => outgoing.write(`${JSON.stringify(value)}\n`);
  try {
    const handler = handlers[(incoming.url ?? '/').slice(1)];
    if (handler === undefined) throw new Error('unknown command');
    const args = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as Record<string, unknown>;
    line({ result: await handler(args, (progress) => line({ progress })) });
  } catch (error) {
    const refusal = error as { code?: string; message?: string; zh?: string; name?: string };
    line({
      refusal:
        refusal.name === 'Refusal'
          ? { code: refusal.code, en: refusal.message, zh: refusal.zh }
          : { code: 'internal', en: 'The command failed inside the server; see its log.', zh: '命令在服务器内部失败，请查看服务器日志。' },
    });
  }
  outgoing.end();
}

export class ControlRefusal extends Error {
  readonly zh: string;
  constructor(refusal: { en: string; zh: string }) {
    super(refusal.en);
    this.name = 'Refusal';
    this.zh = refusal.zh;
  }
}

/** The running server's answer, or null when no server listens on this data folder. */
export async function askServer(dataDir: string, command: string, args: object, onProgress: (value: unknown) => void): Promise<{ result: unknown } | null> {
  if (!existsSync(join(dataDir, CONTROL_SOCKET))) return null;
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath: socketPath(dataDir), path: `/${command}`, method: 'POST' }, (incoming) => {
      let rest = '';
      let isAnswered = false;
      incoming.setEncoding('utf8');
      incoming.on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const each of lines) {
          const said = JSON.parse(each) as { progress?: unknown; result?: unknown; refusal?: { en: string; zh: string } };
          if (said.refusal !== undefined) reject(new ControlRefusal(said.refusal));
          else if ('result' in said) {
            isAnswered = true;
            resolve({ result: said.result });
          } else onProgress(said.progress);
        }
      });
      incoming.on('close', () => {
        if (!isAnswered)
          reject(
            new ControlRefusal({
              en: 'The server stopped before it finished; start it and run the command again, nothing is taken twice.',
              zh: '服务器在完成前停止了；请启动后重新执行，不会重复接收。',
            }),
          );
      });
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? resolve(null) : reject(error)));
    outgoing.end(JSON.stringify(args));
  });
}
