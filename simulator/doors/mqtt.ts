/**
 * Messages of devices as a broker would carry them: one line is one PUBLISH – topic, QoS, retain, when it was sent, and the payload as the device wrote
 * it – so that a file replays by publishing line after line. Topics are `dev/<hospital>/<device>/<what>`; `binding` is retained and says whose it is.
 */
import { isoTime } from '../calendar.ts';
import { HOSPITAL } from '../city/hospital.ts';

const q = JSON.stringify;
/** A measured value; `code` is LOINC, `unit` UCUM. */
export interface Measured {
  readonly code: string;
  readonly value: number;
  readonly unit: string;
}

const publish = (device: string, what: string, at: number, isRetained: boolean, payload: string): string =>
  `{"topic":"dev/${HOSPITAL.code}/${device}/${what}","qos":1,"retain":${isRetained},"at":"${isoTime(at)}","payload":${payload}}\n`;

/** `mrn`: null where the device is bound to an account only. */
export const bindingLine = (device: string, at: number, model: string, mrn: string | null, account: string | null): string =>
  publish(device, 'binding', at, true, `{"deviceId":${q(device)},"model":${q(model)},"patient":${q(mrn)},"account":${q(account)},"boundAt":"${isoTime(at)}"}`);

export const telemetryLine = (device: string, at: number, sequence: number, values: readonly Measured[]): string =>
  publish(
    device,
    'telemetry',
    at,
    false,
    `{"deviceId":${q(device)},"seq":${sequence},"ts":"${isoTime(at)}","values":[${values.map(({ code, value, unit }) => `{"code":"${code}","value":${value},"unit":"${unit}"}`).join(',')}]}`,
  );
