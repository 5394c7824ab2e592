/** Forms by the markup that each builder documents, with its names for hidden fields. Each has the field `#source`. */
export const BUILDERS: Record<string, { html: string; tag?: string }> = {
  HubSpot: {
    html: `<div class="hbspt-form"><form class="hs-form" action="/sent" data-form-id="1f2e">
      <div class="hs_email field"><label>Email <input id="email" name="email" class="hs-input" type="email"></label></div>
      <div class="hs_utm_source field" style="display:none">
        <input id="source" name="utm_source" class="hs-input" type="hidden" value="">
      </div>
      <input name="hs_context" type="hidden" value="{&quot;embedType&quot;:&quot;REGULAR&quot;}">
      <input type="submit" value="Subscribe"></form></div>`,
  },
  'HubSpot, its newer forms': {
    html: `<div class="hs-form-html"><form action="/sent">
      <input id="email" name="0-1/email" type="email" class="hsfc-TextInput">
      <input id="source" name="0-1/utm_source" type="hidden" value="">
      <button type="submit">Send</button></form></div>`,
  },
  Webflow: {
    html: `<div class="w-form"><form id="email-form" name="email-form" data-name="Email Form" action="/sent">
      <input id="email" class="w-input" maxlength="256" name="email" data-name="Email" type="email">
      <div class="w-embed"><input id="source" type="hidden" name="utm_source"></div>
      <input type="submit" class="w-button" value="Submit"></form><div class="w-form-done">Thank you</div></div>`,
  },
  Elementor: {
    html: `<form class="elementor-form" name="New Form" action="/sent"><input type="hidden" name="form_id" value="7a1">
      <input id="email" size="1" type="email" name="form_fields[email]" class="elementor-field">
      <div class="elementor-field-type-hidden elementor-field-group">
        <input id="source" size="1" type="hidden" name="form_fields[utm_source]" class="elementor-field">
      </div><button type="submit" class="elementor-button">Send</button></form>`,
  },
  Gravity: {
    html: `<div class="gform_wrapper"><form method="get" id="gform_1" action="/sent">
      <input id="email" name="input_1" type="text" class="large">
      <input name="input_5" id="source" type="hidden" class="gform_hidden" aria-invalid="false" value="">
      <input type="submit" id="gform_submit_button_1" class="gform_button button" value="Submit">
      <input type="hidden" class="gform_hidden" name="is_submit_1" value="1"></form></div>`,
    tag: `data-names='{"utm_source":["input_5","input_9"]}'`,
  },
  Marketo: {
    html: `<form id="mktoForm_1057" class="mktoForm" action="/sent">
      <input id="email" name="Email" type="email" class="mktoField mktoEmailField">
      <input id="source" type="hidden" name="mkto_utm_source" class="mktoField mktoFieldDescriptor" value="">
      <span class="mktoButtonWrap"><button type="submit" class="mktoButton">Submit</button></span></form>`,
    tag: 'data-prefix="mkto_"',
  },
};

/** A form of controlled inputs: `window.state` is what the component believes. */
export const FRAMEWORKS: Record<string, string> = {
  React: `import { createElement as h, useState } from 'react';
    import { createRoot } from 'react-dom/client';
    function Form() {
      const [state, setState] = useState({ email: '', utm_source: '', utm_medium: '' });
      window.state = state;
      const set = event => {
        const { name, value } = event.target;
        setState(before => ({ ...before, [name]: value }));
      };
      return h('form', { action: '/sent', onSubmit: event => { event.preventDefault(); window.sent = state; } },
        h('input', { id: 'email', name: 'email', value: state.email, onChange: set }),
        h('input', { id: 'source', type: 'hidden', name: 'utm_source', value: state.utm_source, onInput: set }),
        h('input', { id: 'medium', 'data-utmost': 'utm_medium', name: 'utm_medium', value: state.utm_medium, onChange: set }),
        h('button', null, 'Send'));
    }
    createRoot(document.querySelector('#root')).render(h(Form));`,
  Vue: `import { createApp, h, reactive, vModelText, withDirectives } from 'vue';
    const state = window.state = reactive({ email: '', utm_source: '', utm_medium: '' });
    const model = (name, more) => withDirectives(
      h('input', { name, ...more, 'onUpdate:modelValue': value => { state[name] = value; } }), [[vModelText, state[name]]]);
    createApp({ render: () => h('form', { action: '/sent',
        onSubmit: event => { event.preventDefault(); window.sent = { ...state }; } }, [
      model('email', { id: 'email' }),
      model('utm_source', { id: 'source', type: 'hidden' }),
      model('utm_medium', { id: 'medium', 'data-utmost': 'utm_medium' }),
      h('button', 'Send'),
    ]) }).mount('#root');`,
};
