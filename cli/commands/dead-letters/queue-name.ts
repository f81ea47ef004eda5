import type { Session } from '../../session/session';

/** The queue of a deployment (infra/template.yaml, DeadLetters). */
export function queueName({ deployment }: Pick<Session, 'deployment'>): string {
  return `${deployment.name}-dead-letter`;
}
