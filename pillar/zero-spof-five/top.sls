base:
  'micklethefickle.bolabaden.org,cloudserver1.bolabaden.org,cloudserver2.bolabaden.org,cloudserver3.bolabaden.org,blackboar.bolabaden.org':
    - match: list
    - bolabaden
