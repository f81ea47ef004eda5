type Home = { region: string; accountId: string };

/** `acs:fc:<region>:<account>:functions/<name>` */
export function functionArn({ region, accountId }: Home, name: string): string {
  return `acs:fc:${region}:${accountId}:functions/${name}`;
}
