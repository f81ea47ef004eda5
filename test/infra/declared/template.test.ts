import { describe, expect, test } from 'vitest';
import { TYPES } from '../../../infra/declared/resource-types';
import { readTemplate } from '../../../infra/declared/template';

const home = { accountId: '1234567890123456', region: 'cn-hangzhou' };
const queue = (name: unknown, more = {}) => ({
  Type: 'ALIYUN::MNS::Queue',
  Properties: { QueueName: name },
  ...more,
});

function read(sections: object, parameters = {}) {
  const whole = { ROSTemplateFormatVersion: '2015-09-01', Resources: {}, ...sections };
  return readTemplate(JSON.stringify(whole), TYPES, { ...home, parameters });
}

describe('Fn::Split [documented]', () => {
  const split = (argument: unknown) => {
    const Parameters = { Mails: { Type: 'String', Default: 'a@b,c@d' } };
    return read({ Parameters, Resources: { Q: queue({ 'Fn::Split': argument }) } }).resources.get('Q')
      ?.properties;
  };

  test('takes a text apart', () => {
    expect(split([',', { Ref: 'Mails' }])).toEqual({ QueueName: ['a@b', 'c@d'] });
    expect(split([',', 'one'])).toEqual({ QueueName: ['one'] });
  });

  test.each([[[',']], [['', 'a,b']], [[',', ['a']]], [[',', 'a', 'b']], ['a,b']])('not %j', (argument) => {
    expect(() => split(argument)).toThrow(/^Fn::Split/);
  });
});

describe('Fn::Replace [documented]', () => {
  const replace = (argument: unknown) =>
    read({ Resources: { Q: queue({ 'Fn::Replace': argument }) } }).resources.get('Q')?.properties;

  test.each([
    [[{ print: 'echo' }, 'print a; print b'], 'echo a; echo b'],
    [[{ a: 'x', b: 'y' }, 'ab'], 'xy'],
    [[{ a: 'x' }, ''], ''],
  ])('%j', (argument, QueueName) => expect(replace(argument)).toEqual({ QueueName }));

  test.each([['a'], [[{}, 'a']], [[{ a: 'x' }]], [[{ a: 'x' }, 'a', 'b']], [[{ a: ['x'] }, 'a']]])(
    'not %j',
    (argument) => expect(() => replace(argument)).toThrow(/^Fn::Replace/),
  );
});

test('ALIYUN::NoValue takes a property away, and no item of a list [documented]', () => {
  const none = { Ref: 'ALIYUN::NoValue' };
  expect(read({ Resources: { Q: queue(none) } }).resources.get('Q')?.properties).toEqual({});
  for (const name of [['a', none], { 'Fn::Join': ['', ['a', none]] }]) {
    const { resources } = read({ Resources: { Q: queue(name) } });
    expect(() => resources.get('Q')?.properties).toThrow('ALIYUN::NoValue is an item of a list');
  }
});

describe('conditions [documented]', () => {
  const Parameters = { Mail: { Type: 'String', Default: '' }, Stage: { Type: 'String', Default: 'test' } };
  const Conditions = {
    IsTest: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] },
    HasMail: { 'Fn::Not': { 'Fn::Equals': [{ Ref: 'Mail' }, ''] } },
    Both: { 'Fn::And': ['IsTest', 'HasMail'] },
    Either: { 'Fn::Or': ['IsTest', 'HasMail'] },
    Neither: { 'Fn::Not': 'Either' },
  };
  const names = Object.keys(Conditions);
  const holding = (parameters: object) => {
    const Resources = Object.fromEntries(names.map((name) => [name, queue('q', { Condition: name })]));
    return [...read({ Parameters, Conditions, Resources }, parameters).resources.keys()];
  };
  test.each<[parameters: object, holding: string[]]>([
    [{}, ['IsTest', 'Either']],
    [{ Mail: 'a@b' }, ['IsTest', 'HasMail', 'Both', 'Either']],
    [{ Stage: 'live' }, ['Neither']],
    [{ Stage: 'live', Mail: 'a@b' }, ['HasMail', 'Either']],
  ])('%j', (parameters, expected) => {
    expect(holding(parameters)).toEqual(expected);
  });

  test('choose a value, or none', () => {
    const Resources = {
      Q: queue({ 'Fn::If': ['HasMail', 'with', 'without'] }),
      N: queue({ 'Fn::If': ['HasMail', 'x', { Ref: 'ALIYUN::NoValue' }] }),
    };
    const { resources } = read({ Parameters, Conditions, Resources });
    expect(resources.get('Q')?.properties).toEqual({ QueueName: 'without' });
    expect(resources.get('N')?.properties).toEqual({});
  });

  test('choose outputs', () => {
    const Outputs = {
      Always: { Value: { 'Fn::GetAtt': ['Q', 'QueueName'] } },
      Sometimes: { Value: 'x', Condition: 'HasMail' },
    };
    const sections = { Parameters, Conditions, Outputs, Resources: { Q: queue('letters') } };
    expect(read(sections).outputs()).toEqual({ Always: 'letters' });
    expect(read(sections, { Mail: 'a@b' }).outputs()).toEqual({ Always: 'letters', Sometimes: 'x' });
  });

  test.each<[what: object | string, message: string]>([
    ['Nobody', 'Conditions has no Nobody'],
    [{ 'Fn::Not': ['IsTest', 'HasMail'] }, 'is not a condition'],
    [{ 'Fn::And': ['IsTest'] }, 'Fn::And takes a list'],
    [{ 'Fn::Equals': ['a', 'b', 'c'] }, 'Fn::Equals takes two values'],
    [{ 'Fn::Contains': ['a', 'b'] }, 'Fn::Contains is not a condition'],
    [{ 'Fn::Equals': [{ 'Fn::GetAtt': ['Q', 'QueueName'] }, 'q'] }, 'before there is any Q'],
  ])('%j is refused', (condition, message) => {
    const sections = { Parameters, Conditions: { ...Conditions, X: condition } };
    const Resources = { Q: queue('q', { Condition: 'X' }) };
    expect(() => read({ ...sections, Resources })).toThrow(message);
  });
});

test('a resource depends on what it names, and on what it says [documented]', () => {
  const Resources = {
    A: queue({ 'Fn::Sub': `x-\${B.QueueName}` }, { DependsOn: ['C'] }),
    B: queue('b'),
    C: queue('c'),
  };
  expect(read({ Resources }).resources.get('A')?.dependsOn).toEqual(['C', 'B']);
});
