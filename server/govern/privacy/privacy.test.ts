import { describe, expect, it } from 'vitest';
import { maskName, maskNumber, maskPhone } from './mask.ts';
import { redact } from './redact.ts';

describe('masking', () => {
  it('keeps surname and last character of a name', () => {
    expect(maskName('张三')).toBe('张*');
    expect(maskName('张三丰')).toBe('张*丰');
    expect(maskName('欧阳修文')).toBe('欧阳*文');
    expect(maskName('买买提·艾力')).toBe('买****力');
    expect(maskName('王')).toBe('王*');
    expect(maskName('Eve Everywoman')).toBe('E*** E***');
  });
  it('keeps the ends of a resident id, fewer in lists', () => {
    expect(maskNumber('440308199901101512', 'detail')).toBe('440308********1512');
    expect(maskNumber('440308199901101512', 'list')).toBe('440***********1512');
    expect(maskNumber('H12345678', 'detail')).toBe('*******78');
  });
  it('keeps the ends of a phone', () => {
    expect(maskPhone('+8613912345678')).toBe('139****5678');
    expect(maskPhone('057187654321')).toBe('********4321');
  });
});

describe('redacted text', () => {
  it('holds no number of a person', () => {
    const text = '我的身份证440308199901101512，电话139 1234 5670或0571-87654321，邮箱li.lei@example.cn，微信号: lilei_2020，病历号20230011223';
    expect(redact(text)).toBe('我的身份证[证件号]，电话[电话]或[电话]，邮箱[邮箱]，[账号]，病历号[号码]');
  });
  it('holds no name the record knows, wherever it stands', () => {
    expect(redact('李雷的护士态度好，谢谢', { names: ['李雷'], numbers: [], addresses: [] })).toBe('[姓名]的护士态度好，谢谢');
    expect(redact('Ask Eve at once, never', { names: ['Eve'], numbers: [], addresses: [] })).toBe('Ask [姓名] at once, never');
  });
  it('holds no name that says it is one', () => {
    expect(redact('我叫王小明，排队三小时')).toBe('我叫[姓名]，排队三小时');
    expect(redact('陈阿姨说缴费难')).toBe('[姓名]阿姨说缴费难');
  });
  it('holds no address', () => {
    expect(redact('家住浙江省杭州市西湖区文三路18号2单元301室，很远')).not.toMatch(/文三路|西湖/);
    expect(redact('挂号窗口在一楼，等了2小时')).toBe('挂号窗口在一楼，等了2小时');
  });
  it('keeps what was measured and when', () => {
    for (const text of ['血压 150/95,血糖 13.9', '2026-05-01 10:30 就诊', '等了120分钟']) expect(redact(text)).toBe(text);
  });
});
