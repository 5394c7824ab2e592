___TERMS_OF_SERVICE___

By creating or modifying this file you agree to Google Tag Manager's Community
Template Gallery Developer Terms of Service available at
https://developers.google.com/tag-manager/gallery-tos (or such other URL as
Google may provide), as modified from time to time.


___INFO___

{
  "type": "TAG",
  "id": "cvt_temp_public_id",
  "version": 1,
  "securityGroups": [],
  "displayName": "utmost",
  "categories": ["ATTRIBUTION", "ANALYTICS"],
  "brand": {
    "id": "brand_utmost",
    "displayName": "utmost"
  },
  "description": "Captures the campaign that brought a visitor, and sends it with the user to a Moesif-style Users API or to your relay.",
  "containerContexts": ["WEB"]
}


___TEMPLATE_PARAMETERS___

[
  {
    "type": "TEXT",
    "name": "scriptUrl",
    "displayName": "Address of utmost.min.js",
    "simpleValueType": true,
    "help": "On your own site where possible. Allow that address under Permissions, Injects scripts.",
    "valueValidators": [
      { "type": "NON_EMPTY" },
      { "type": "REGEX", "args": ["^https://[^#]+$"] }
    ]
  },
  {
    "type": "TEXT",
    "name": "applicationId",
    "displayName": "Application id",
    "simpleValueType": true,
    "help": "The publishable one, for pages. Leave it empty with a relay, which has its own."
  },
  {
    "type": "TEXT",
    "name": "relay",
    "displayName": "Address of the relay",
    "simpleValueType": true,
    "help": "Such as /t. Leave it empty to send to the Users API."
  },
  {
    "type": "SELECT",
    "name": "consentType",
    "displayName": "Wait for consent to",
    "simpleValueType": true,
    "macrosInSelect": false,
    "selectItems": [
      { "value": "none", "displayValue": "Nothing" },
      { "value": "analytics_storage", "displayValue": "analytics_storage" },
      { "value": "ad_storage", "displayValue": "ad_storage" }
    ],
    "defaultValue": "analytics_storage",
    "help": "Until it is granted nothing is stored and nothing is sent. The landing page is remembered. In the tag's Consent Settings choose: no additional consent required."
  },
  {
    "type": "SIMPLE_TABLE",
    "name": "options",
    "displayName": "Further options",
    "simpleTableColumns": [
      { "name": "name", "displayName": "Option", "type": "TEXT", "defaultValue": "", "isUnique": true },
      { "name": "value", "displayName": "Value", "type": "TEXT", "defaultValue": "" }
    ],
    "help": "By their names in the documentation, such as attribution: last."
  }
]


___SANDBOXED_JS_FOR_WEB_TEMPLATE___

const addConsentListener = require('addConsentListener');
const callInWindow = require('callInWindow');
const encodeUriComponent = require('encodeUriComponent');
const injectScript = require('injectScript');
const isConsentGranted = require('isConsentGranted');

const type = data.consentType;
const isAsked = type && type !== 'none';

// The script reads its options from its own address. Only set ones go there.
const parameters = [];
const add = (name, value) => {
  if (name && value) parameters.push(encodeUriComponent(name) + '=' + encodeUriComponent(value));
};
add('applicationId', data.applicationId);
add('relay', data.relay);
if (isAsked) add('consent', 'pending');
(data.options || []).forEach(row => add(row.name, row.value));

const tell = isGranted => {
  callInWindow('utmost.setConsent', isGranted ? 'granted' : 'denied');
};

const url = data.scriptUrl + (data.scriptUrl.indexOf('?') < 0 ? '?' : '&') + parameters.join('&');
injectScript(
  url,
  () => {
    if (isAsked) {
      if (isConsentGranted(type)) tell(true);
      addConsentListener(type, (changed, isGranted) => tell(isGranted));
    }
    data.gtmOnSuccess();
  },
  data.gtmOnFailure,
  'utmost'
);


___WEB_PERMISSIONS___

[
  {
    "instance": {
      "key": { "publicId": "inject_script", "versionId": "1" },
      "param": [
        {
          "key": "urls",
          "value": {
            "type": 2,
            "listItem": [{ "type": 1, "string": "https://cdn.jsdelivr.net/npm/utmost@*" }]
          }
        }
      ]
    },
    "clientAnnotations": { "isEditedByUser": true },
    "isRequired": true
  },
  {
    "instance": {
      "key": { "publicId": "access_globals", "versionId": "1" },
      "param": [
        {
          "key": "keys",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 3,
                "mapKey": [
                  { "type": 1, "string": "key" },
                  { "type": 1, "string": "read" },
                  { "type": 1, "string": "write" },
                  { "type": 1, "string": "execute" }
                ],
                "mapValue": [
                  { "type": 1, "string": "utmost.setConsent" },
                  { "type": 8, "boolean": false },
                  { "type": 8, "boolean": false },
                  { "type": 8, "boolean": true }
                ]
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": { "isEditedByUser": true },
    "isRequired": true
  },
  {
    "instance": {
      "key": { "publicId": "access_consent", "versionId": "1" },
      "param": [
        {
          "key": "consentTypes",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 3,
                "mapKey": [
                  { "type": 1, "string": "consentType" },
                  { "type": 1, "string": "read" },
                  { "type": 1, "string": "write" }
                ],
                "mapValue": [
                  { "type": 1, "string": "analytics_storage" },
                  { "type": 8, "boolean": true },
                  { "type": 8, "boolean": false }
                ]
              },
              {
                "type": 3,
                "mapKey": [
                  { "type": 1, "string": "consentType" },
                  { "type": 1, "string": "read" },
                  { "type": 1, "string": "write" }
                ],
                "mapValue": [
                  { "type": 1, "string": "ad_storage" },
                  { "type": 8, "boolean": true },
                  { "type": 8, "boolean": false }
                ]
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": { "isEditedByUser": true },
    "isRequired": true
  }
]


___TESTS___

scenarios:
- name: The options are in the script's address
  code: |-
    mock('injectScript', (url, onSuccess) => {
      assertThat(url).isEqualTo('https://www.example.com/utmost.min.js?applicationId=a%20b&relay=%2Ft&attribution=last');
      onSuccess();
    });
    runCode({
      scriptUrl: 'https://www.example.com/utmost.min.js',
      applicationId: 'a b',
      relay: '/t',
      consentType: 'none',
      options: [{ name: 'attribution', value: 'last' }, { name: '', value: 'x' }]
    });
    assertApi('injectScript').wasCalled();
    assertApi('addConsentListener').wasNotCalled();
    assertApi('callInWindow').wasNotCalled();
    assertApi('gtmOnSuccess').wasCalled();
- name: An address with a query of its own keeps it
  code: |-
    mock('injectScript', url => {
      assertThat(url).isEqualTo('https://www.example.com/utmost.min.js?v=2&applicationId=app');
    });
    runCode({ scriptUrl: 'https://www.example.com/utmost.min.js?v=2', applicationId: 'app' });
    assertApi('injectScript').wasCalled();
- name: Without consent it waits, and each choice is passed on
  code: |-
    let listener;
    mock('isConsentGranted', () => false);
    mock('addConsentListener', (type, callback) => {
      assertThat(type).isEqualTo('analytics_storage');
      listener = callback;
    });
    mock('injectScript', (url, onSuccess) => {
      assertThat(url).isEqualTo('https://www.example.com/utmost.min.js?applicationId=app&consent=pending');
      onSuccess();
    });
    runCode({
      scriptUrl: 'https://www.example.com/utmost.min.js',
      applicationId: 'app',
      consentType: 'analytics_storage'
    });
    assertApi('callInWindow').wasNotCalled();
    listener('analytics_storage', true);
    assertApi('callInWindow').wasCalledWith('utmost.setConsent', 'granted');
    listener('analytics_storage', false);
    assertApi('callInWindow').wasCalledWith('utmost.setConsent', 'denied');
- name: A choice that was made before counts at once
  code: |-
    mock('isConsentGranted', () => true);
    mock('injectScript', (url, onSuccess) => onSuccess());
    runCode({
      scriptUrl: 'https://www.example.com/utmost.min.js',
      applicationId: 'app',
      consentType: 'ad_storage'
    });
    assertApi('callInWindow').wasCalledWith('utmost.setConsent', 'granted');
- name: A script that cannot be loaded is a failure of the tag
  code: |-
    mock('injectScript', (url, onSuccess, onFailure) => onFailure());
    runCode({ scriptUrl: 'https://www.example.com/utmost.min.js', applicationId: 'app' });
    assertApi('gtmOnFailure').wasCalled();
    assertApi('gtmOnSuccess').wasNotCalled();


___NOTES___

docs/loading.md of the package tells how to use it.
