import { proxySinks, type Sinks } from 'millrace/workflow';

export interface AlertSinks extends Sinks {
  alerter: {
    alert(message: string): void;
  };
}

const { alerter } = proxySinks<AlertSinks>();

export async function watched(): Promise<string> {
  alerter.alert('the workflow has begun');
  return 'done';
}
