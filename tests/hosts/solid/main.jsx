import 'payment-form/define.js';
import { createSignal, Show } from 'solid-js';
import { render } from 'solid-js/web';
import { Payment } from './Snippet.jsx';
import { authorization, hear, invoices, isSnippet, paid, paymentMethods } from './statement.js';

document.documentElement.lang = new URLSearchParams(location.search).get('lang') ?? 'en';

function App() {
  const [isShown, show] = createSignal(true);
  return (
    <>
      <Show when={isShown()}>
        <payment-form
          customer-id="655080"
          resolve-endpoint="/v1/payments/resolve"
          prop:invoices={invoices}
          prop:paymentMethods={paymentMethods}
          prop:authorization={authorization}
          on:payment-ready={hear}
          on:payment-change={hear}
          on:payment-submit={hear}
          on:payment-recorded={hear}
          on:payment-rejected={hear}
          on:payment-held={hear}
          on:payment-unknown={hear}
          on:payment-load-error={hear}
          on:payment-crash={hear}
        />
      </Show>
      <button id="toggle" onClick={() => show(!isShown())}>Mount or unmount</button>
    </>
  );
}

render(() => (isSnippet ? <Payment invoices={invoices} paymentMethods={paymentMethods} onPaid={paid} /> : <App />), document.querySelector('main'));
