import { type Controlled, routesTo } from '../../local/control/server';
import { OPERATIONS as fcOperations } from '../../local/fc/api-operations';
import { ACTIONS as kmsActions } from '../../local/kms/actions';
import { OPERATIONS as mnsOperations } from '../../local/mns/operations';
import { settings } from '../../local/oss/buckets/settings';
import { routes as ossRoutes } from '../../local/oss/routes/routes';
import { OPERATIONS as stsOperations } from '../../local/sts/operations';
import { mnsOperationsIn, namesOperation, namesRequest, namesSubResource } from './mentions';

export type Service = 'OSS' | 'KMS' | 'FC' | 'MNS' | 'STS' | 'control';

/** An API call that the local cloud knows by name. */
export type LocalOperation = {
  service: Service;
  operation: string;
  isImplemented: boolean;
  /** Whether a test's source calls it. */
  isIn(text: string): boolean;
};

/** Every operation of the services' dispatch tables, once. */
export function localOperations(): LocalOperation[] {
  return [
    ...sorted(ossRoutes.map(({ operation }) => operation)).map(ossOperation),
    ...sorted([...kmsActions.keys()]).map((operation) => implemented('KMS', operation)),
    ...sorted(fcOperations.map(([, , operation]) => operation)).map(fcOperation),
    ...sorted(Object.keys(mnsOperations)).map(mnsOperation),
    ...sorted(Object.keys(stsOperations)).map(stsOperation),
    ...sorted(Object.keys(routesTo({} as Controlled))).map(controlOperation),
  ];
}

function sorted(operations: string[]): string[] {
  return [...new Set(operations)].sort();
}

function implemented(service: Service, operation: string): LocalOperation {
  return { service, operation, isImplemented: true, isIn: (text) => namesOperation(text, operation) };
}

function ossOperation(operation: string): LocalOperation {
  const routes = ossRoutes.filter((route) => route.operation === operation);
  const isSetting = settings.some(({ name }) => operation.replace(/^(Put|Get|Delete)/, '') === name);
  const isIn = (text: string) =>
    namesOperation(text, operation) ||
    routes.some((route) => namesSubResource(text, route)) ||
    (isSetting && /\bsettings\.map\(/.test(text));
  return {
    service: 'OSS',
    operation,
    isImplemented: routes.some(({ answer }) => answer !== undefined),
    isIn,
  };
}

// Whatever the tests of the API say is about an invocation.
function fcOperation(operation: string): LocalOperation {
  const isImplemented = fcOperations.some(([, , name, run]) => name === operation && run !== undefined);
  const isIn = (text: string) => operation === 'InvokeFunction' || namesOperation(text, operation);
  return { ...implemented('FC', operation), isImplemented, isIn };
}

function mnsOperation(operation: string): LocalOperation {
  const isIn = (text: string) => namesOperation(text, operation) || mnsOperationsIn(text).includes(operation);
  return { ...implemented('MNS', operation), isIn };
}

function stsOperation(operation: string): LocalOperation {
  return { ...implemented('STS', operation), isImplemented: stsOperations[operation] !== undefined };
}

function controlOperation(operation: string): LocalOperation {
  return { ...implemented('control', operation), isIn: (text) => namesRequest(text, operation) };
}
