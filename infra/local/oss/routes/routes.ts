import { bucketRoutes } from './bucket-routes';
import { liveRoutes } from './live-routes';
import { objectRoutes } from './object-routes';
import type { Route } from './route';
import { unimplementedRoutes } from './unimplemented-routes';

/** Every API call that has a name here. */
export const routes: readonly Route[] = [
  ...objectRoutes,
  ...bucketRoutes,
  ...liveRoutes,
  ...unimplementedRoutes,
];
